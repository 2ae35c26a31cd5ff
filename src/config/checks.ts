import type { ConfigurationFault } from '../errors.js';

/** All options as they were given. */
export type GivenOptions = Readonly<Partial<Record<string, unknown>>>;

/** What is wrong with a value at a path; nothing when it is fine. The other options are there for what depends on them. */
export type Check = (value: unknown, path: string, options: GivenOptions) => readonly ConfigurationFault[];

/** A value that a predicate accepts. The message says what is expected, never what was given. */
export const expecting =
  (expected: string, accepts: (value: unknown, options: GivenOptions) => boolean): Check =>
  (value, path, options) =>
    accepts(value, options) ? [] : [{ path, message: `${value === undefined ? 'missing: ' : ''}expected ${expected}` }];

/** A text that matches. */
export const matching = (expected: string, pattern: RegExp): Check =>
  expecting(expected, (value) => typeof value === 'string' && pattern.test(value));

/** A whole number in a range. */
export const wholeNumber = (from: number, to: number): Check =>
  expecting(`a whole number from ${String(from)} to ${String(to)}`, (value) => {
    return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
  });

/** What may be left out. */
export const optional =
  (check: Check): Check =>
  (value, path, options) =>
    value === undefined ? [] : check(value, path, options);

/** An object of which every entry passes. Entries are its own fields, so a Map or a Set would have none. */
export const entriesOf =
  (expected: string, check: Check): Check =>
  (value, path, options) =>
    isRecord(value) && Object.prototype.toString.call(value) === '[object Object]'
      ? Object.entries(value).flatMap(([key, entry]) => check(entry, `${path}.${key}`, options))
      : [{ path, message: `expected ${expected}` }];

/** An object that is no array. */
export function isRecord(value: unknown): value is GivenOptions {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
