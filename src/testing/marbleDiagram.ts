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

/** In TestScheduler's run mode, where one character is one frame and a blank is none. @throws for what is no diagram. */
const parse = (marbles: string): readonly Parsed[] =>
  TestScheduler.parseMarbles(marbles, undefined, undefined, false, true);

/** The letters of a diagram in run mode, of `a-(bc) 30s d` for one. @throws Error of RxJS's for what is no diagram. */
export const lettersOf = (marbles: string): readonly Letter[] =>
  parse(marbles).flatMap(({ frame, notification: { kind, value } }) =>
    kind === 'N' ? [{ letter: String(value), frame }] : [],
  );

/** The frame at which a diagram ends, its last dashes included; of subscriptions too. */
export const endOf = (marbles: string): number => parse(`${marbles.replaceAll('!', '-')}|`).at(-1)?.frame ?? 0;

/**
 * The letters of what is to be published, and nothing else: a publication has neither end nor error nor a time before.
 *
 * @throws Error that says so.
 */
export function publications(name: string, marbles: string): readonly Letter[] {
  const other = /[|#^!]/.exec(marbles)?.[0];
  if (other !== undefined) throw new Error(`${name}: \`${other}\` says nothing of what is published; leave it out`);
  return lettersOf(marbles);
}
