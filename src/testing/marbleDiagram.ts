import { TestScheduler } from 'rxjs/testing';

/** A letter of a diagram, and its frame. */
export interface Letter {
  readonly letter: string;
  readonly frame: number;
}

interface Parsed {
  readonly frame: number;
  readonly notification: { readonly kind: string; readonly value?: unknown };
}

/** In TestScheduler's run mode, where one character is one frame and a blank is none. */
const parse = (marbles: string): readonly Parsed[] =>
  TestScheduler.parseMarbles(marbles, undefined, undefined, false, true);

/** The letters of a diagram in run mode, of `a-(bc) 30s d` for one. */
export const lettersOf = (marbles: string): readonly Letter[] =>
  parse(marbles).flatMap(({ frame, notification: { kind, value } }) =>
    kind === 'N' ? [{ letter: String(value), frame }] : [],
  );

/** The frame at which a diagram ends, its last dashes included; of subscriptions too. */
export const endOf = (marbles: string): number => parse(`${marbles.replace(/[!]/g, '-')}|`).at(-1)?.frame ?? 0;

/** Whether it errors: what is published has no error. */
export const hasError = (marbles: string): boolean =>
  parse(marbles).some(({ notification }) => notification.kind === 'E');
