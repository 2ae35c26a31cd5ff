/** Paths an error tells of, and characters of each: a broken array of thousands says the same thousands of times. */
const MAX_PATHS = 10;
const MAX_PATH_LENGTH = 200;

/** A place in a value and what was expected there. */
export interface Expectation {
  readonly keys: readonly string[];
  readonly expected: string;
}

/** Such as `/email: expected string`: each once, ten at most. Stops to ask for more when it has ten. */
export function pathTexts(expectations: Iterable<Expectation>): string[] {
  const texts = new Set<string>();
  for (const { keys, expected } of expectations) {
    texts.add(shortened(plain(`/${keys.join('/')}: expected ${expected}`)));
    if (texts.size === MAX_PATHS) break;
  }
  return [...texts];
}

/** Keys can come from a message and names from anywhere: one line, nothing invisible. */
export const plain = (text: string): string => text.replace(/[^\x20-\x7E\u00A0-\uD7FF]/g, '?');

function shortened(text: string): string {
  return text.length <= MAX_PATH_LENGTH ? text : `${text.slice(0, MAX_PATH_LENGTH - 1)}…`;
}
