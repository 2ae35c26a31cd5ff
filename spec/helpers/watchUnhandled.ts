import { config } from 'rxjs';

/** Collects what RxJS reports as unhandled during each spec of the block it is called in. */
export function watchUnhandled(): () => readonly unknown[] {
  let errors: unknown[] = [];
  beforeEach(() => {
    errors = [];
    config.onUnhandledError = (error: unknown) => errors.push(error);
  });
  afterEach(() => {
    config.onUnhandledError = null;
  });
  return () => errors;
}
