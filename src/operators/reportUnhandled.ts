import { throwError } from 'rxjs';

/** As RxJS does with any error that nobody handles: by `config.onUnhandledError`, else thrown where no one catches it. */
export function reportUnhandled(error: unknown): void {
  throwError(() => error).subscribe();
}
