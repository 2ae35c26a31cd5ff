/** What JSON.stringify leaves as it is and SQS refuses; control characters and lone surrogates it escapes itself. */
const UNESCAPED = /[\uFFFE\uFFFF]/g;

/** The key that makes `Object.assign`, and so io-ts, give an object a prototype out of the message. */
const PROTOTYPE = '__proto__';

/**
 * JSON text of a value, of characters that SQS takes; undefined where JSON has no text for it.
 *
 * @throws whatever JSON.stringify does: a TypeError for a cycle or a BigInt, and what a `toJSON` throws.
 */
export function writeJson(value: unknown): string | undefined {
  // The type of JSON.stringify leaves out that it gives undefined for undefined, functions and symbols.
  const text = JSON.stringify(value) as string | undefined;
  // `includes` knows without a look that a text of Latin characters has neither; an expression reads it all.
  if (text?.includes('\uFFFE') !== true && text?.includes('\uFFFF') !== true) return text;
  return text.replace(UNESCAPED, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** Whether a text by {@link writeJson} has a key that {@link readJson} leaves out. A quote within a string follows a `\`. */
export const hasLostKey = (text: string): boolean => text.includes(PROTOTYPE) && LOST_KEY.test(text);

const LOST_KEY = new RegExp(`[{,]"${PROTOTYPE}":`);

/** Whether the text of a value says null where the value does not. Only a text that says null pays for the search. */
export function hasLostValue(value: unknown, text: string): boolean {
  if (!text.includes('null')) return false;
  let isLost = false;
  JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, part: unknown) {
    isLost ||= isWrittenAsNull(this, key, part);
    return part;
  });
  return isLost;
}

/** Whether a part that is not null is written so. A `toJSON` that gives null means it, but that of an invalid Date. */
function isWrittenAsNull(holder: Readonly<Record<string, unknown>>, key: string, part: unknown): boolean {
  if (typeof part === 'number') return !Number.isFinite(part);
  if (part === null) return holder[key] instanceof Date;
  return Array.isArray(holder) && ['undefined', 'function', 'symbol'].includes(typeof part);
}

/**
 * Parses JSON text, `__proto__` keys left out. Only a text that may have one, escaped or not, pays for the search.
 *
 * @throws SyntaxError whose text quotes the input: don't keep it.
 */
export function readJson(text: string): unknown {
  const isSuspect = text.includes(PROTOTYPE) || text.includes('\\u00');
  return isSuspect ? JSON.parse(text, withoutPrototype) : JSON.parse(text);
}

const withoutPrototype = (key: string, value: unknown): unknown => (key === PROTOTYPE ? undefined : value);
