import type { RawAttributes } from '../../src/message/rawMessage.js';
import { bytes, number, text } from './drafts.js';

/** A filter policy, with messages that it lets through and messages that it keeps back. */
export interface FilterCase {
  readonly name: string;
  readonly policy: object;
  readonly through: readonly RawAttributes[];
  readonly kept: readonly RawAttributes[];
  readonly emulator?: string;
}

const a = (value: string): RawAttributes => ({ a: text(value) });
const n = (value: number): RawAttributes => ({ n: number(value) });
const NONE: RawAttributes = {};

export const FILTER_CASES: readonly FilterCase[] = [
  { name: 'an exact value', policy: { a: ['x'] }, through: [a('x')], kept: [a('X'), a('xx'), NONE] },
  { name: 'one of several values', policy: { a: ['x', 'y'] }, through: [a('x'), a('y')], kept: [a('z')] },
  {
    name: 'all of several names',
    policy: { a: ['x'], b: ['y'] },
    through: [{ a: text('x'), b: text('y'), c: text('z') }],
    kept: [a('x'), { b: text('y') }, { a: text('x'), b: text('x') }],
  },
  { name: 'a prefix', policy: { a: [{ prefix: 'or' }] }, through: [a('or'), a('order')], kept: [a('for'), NONE] },
  { name: 'a suffix', policy: { a: [{ suffix: 'er' }] }, through: [a('er'), a('order')], kept: [a('era'), NONE] },
  {
    name: 'anything but a value, which has to be there',
    policy: { a: [{ 'anything-but': 'x' }] },
    through: [a('y')],
    kept: [a('x'), NONE],
  },
  {
    name: 'anything but several values',
    policy: { a: [{ 'anything-but': ['x', 'y'] }] },
    through: [a('z')],
    kept: [a('x'), a('y')],
  },
  {
    name: 'anything but a prefix',
    policy: { a: [{ 'anything-but': { prefix: 'or' } }] },
    through: [a('for')],
    kept: [a('order')],
  },
  { name: 'a number', policy: { n: [1.5] }, through: [n(1.5)], kept: [n(1), n(15)] },
  {
    name: 'a range of numbers',
    policy: { n: [{ numeric: ['>=', 0, '<', 100] }] },
    through: [n(0), n(99.5)],
    kept: [n(-1), n(100), NONE],
  },
  {
    name: 'a number that equals',
    policy: { n: [{ numeric: ['=', 7] }] },
    through: [n(7)],
    kept: [n(8)],
  },
  {
    name: 'a number in a range, and no text of digits',
    policy: { n: [{ numeric: ['>=', 0] }] },
    through: [n(1)],
    kept: [{ n: text('1') }],
    emulator: 'fauxqs: takes a text of digits for a number',
  },
  { name: 'an attribute that is there', policy: { a: [{ exists: true }] }, through: [a('x')], kept: [n(1), NONE] },
  {
    name: 'nothing by bytes, which it does not see',
    policy: { a: [{ exists: true }] },
    through: [a('x')],
    kept: [{ a: bytes(1) }],
    emulator: 'fauxqs: sees binary attributes',
  },
  { name: 'an attribute that is not there', policy: { a: [{ exists: false }] }, through: [n(1), NONE], kept: [a('x')] },
  {
    name: 'a value whatever its case',
    policy: { a: [{ 'equals-ignore-case': 'x' }] },
    through: [a('x'), a('X')],
    kept: [a('y')],
    emulator: 'fauxqs: does not know equals-ignore-case',
  },
  {
    name: 'a member of an array',
    policy: { a: ['x'] },
    through: [{ a: { dataType: 'String.Array', stringValue: '["y","x"]' } }],
    kept: [{ a: { dataType: 'String.Array', stringValue: '["y"]' } }],
    emulator: 'fauxqs: does not look into a String.Array',
  },
  {
    name: 'one of two names',
    policy: { $or: [{ a: ['x'] }, { n: [1] }] },
    through: [a('x'), n(1)],
    kept: [a('y'), n(2), NONE],
  },
];
