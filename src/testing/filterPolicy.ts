import { MAX_FILTER_NAMES } from '../client/limits.js';
import type { RawAttribute, RawAttributes } from '../message/rawMessage.js';
import { refuse } from './refusal.js';

/** Whether a subscription with this filter policy gets a message with these attributes. */
export type Filter = (attributes: RawAttributes) => boolean;

type Value = string | number | boolean | null;
/** Whether a condition holds; of an attribute that is missing there are no values. */
type Condition = (values: readonly Value[]) => boolean;

/**
 * Reads a filter policy on message attributes: each name has to have one of its conditions met. Refuses what SNS refuses.
 *
 * @throws Error for a condition that SNS knows and this broker does not (`cidr`, `wildcard`).
 */
export function readFilterPolicy(text: string): Filter {
  const policy = parse(text);
  const names = Object.keys(policy);
  if (names.length > MAX_FILTER_NAMES) refuse('InvalidParameterException');
  return filterOf(policy);
}

function filterOf(policy: Readonly<Record<string, unknown>>): Filter {
  const filters = Object.entries(policy).map(([name, conditions]): Filter => {
    if (!Array.isArray(conditions) || conditions.length === 0) return refuse('InvalidParameterException');
    if (name === '$or') {
      const branches = (conditions as unknown[]).map((branch) => filterOf(objectOf(branch)));
      return (attributes) => branches.some((branch) => branch(attributes));
    }
    const read = (conditions as unknown[]).map(conditionOf);
    return (attributes) => {
      const values = valuesOf(attributes[name]);
      return read.some((condition) => condition(values));
    };
  });
  return (attributes) => filters.every((filter) => filter(attributes));
}

/** A text, a number, or the members of a `String.Array`. Bytes have none. */
function valuesOf(attribute: RawAttribute | undefined): readonly Value[] {
  if (attribute?.stringValue === undefined) return [];
  const { dataType, stringValue } = attribute;
  if (dataType === 'Number') return [Number(stringValue)];
  if (dataType !== 'String.Array') return [stringValue];
  return membersOf(stringValue);
}

/** Of a text that is no JSON array there are none. */
function membersOf(text: string): readonly Value[] {
  try {
    const members: unknown = JSON.parse(text);
    return Array.isArray(members) ? (members as Value[]) : [];
  } catch {
    return [];
  }
}

function conditionOf(condition: unknown): Condition {
  if (isValue(condition)) return (values) => values.includes(condition);
  const [[operator, operand] = ['', undefined], ...others] = Object.entries(objectOf(condition));
  const make = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (UNKNOWN_HERE.includes(operator)) throw new Error(`the test broker has no filter condition \`${operator}\``);
  return make === undefined || others.length > 0 ? refuse('InvalidParameterException') : make(operand);
}

/** SNS has them; nobody has needed them in a test. */
const UNKNOWN_HERE: readonly string[] = ['cidr', 'wildcard'];

const OPERATORS: Readonly<Record<string, ((operand: unknown) => Condition) | undefined>> = {
  exists: (wanted) => {
    if (typeof wanted !== 'boolean') refuse('InvalidParameterException');
    return (values) => values.length > 0 === wanted;
  },
  prefix: onText((value, prefix) => value.startsWith(prefix)),
  suffix: onText((value, suffix) => value.endsWith(suffix)),
  'equals-ignore-case': onText((value, text) => value.toLowerCase() === text.toLowerCase()),
  'anything-but': (but) => {
    const excluded = [but].flat().map(conditionOf);
    // An attribute has to be there to be anything but something.
    return (values) => values.some((value) => !excluded.some((condition) => condition([value])));
  },
  numeric: (ranges) => {
    const bounds = pairsOf(ranges);
    return (values) =>
      values.some((value) => typeof value === 'number' && bounds.every(([operator, bound]) => operator(value, bound)));
  },
};

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Such as `[">=", 0, "<", 100]`. */
function pairsOf(ranges: unknown): readonly (readonly [(value: number, bound: number) => boolean, number])[] {
  if (!Array.isArray(ranges) || ranges.length % 2 > 0 || ranges.length === 0) refuse('InvalidParameterException');
  const items = ranges as unknown[];
  return items.flatMap((operator, index) => {
    if (index % 2 > 0) return [];
    const compare =
      typeof operator === 'string' && Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
    const bound = items[index + 1];
    return compare === undefined || typeof bound !== 'number'
      ? refuse('InvalidParameterException')
      : [[compare, bound] as const];
  });
}

/** A condition on a text, whose operand is one too: what else there is, is refused when the policy is read. */
function onText(holds: (value: string, operand: string) => boolean): (operand: unknown) => Condition {
  return (operand) => {
    const text = typeof operand === 'string' ? operand : refuse('InvalidParameterException');
    return (values) => values.some((value) => typeof value === 'string' && holds(value, text));
  };
}

const isValue = (value: unknown): value is Value =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : refuse('InvalidParameterException');
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    refuse('InvalidParameterException');
  }
  return objectOf(policy);
}
