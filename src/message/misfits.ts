import * as t from 'io-ts';
import { ANY_KEY, type CodecShape, innerOf } from './codecShape.js';
import { pathTexts } from './paths.js';

/** A part of a value that is not of its codec's type, and no part of which is to blame. */
interface Misfit {
  readonly keys: readonly string[];
  readonly codec: CodecShape;
  readonly expected: string;
}

/**
 * Where a value is not of its codec's type. `is` only says that it is not, and decoding says something else: it takes the
 * form on the wire, text where the value has a Date.
 */
export const misfitsOf = (codec: t.Mixed, value: unknown): string[] => pathTexts(misfits(codec, value, []));

function* misfits(codec: CodecShape, value: unknown, keys: readonly string[]): Generator<Misfit> {
  if (codec.is(value)) return;
  let isOfAPart = false;
  for (const misfit of misfitsOfParts(codec, value, keys)) {
    isOfAPart = true;
    yield misfit;
  }
  if (!isOfAPart) yield { keys, codec, expected: codec.name };
}

function* misfitsOfParts(codec: CodecShape, value: unknown, keys: readonly string[]): Generator<Misfit> {
  if (codec._tag === 'UnionType') yield* misfitsOfMember(codec, value, keys);
  else for (const [key, part, partValue] of partsOf(codec, value)) yield* misfits(part, partValue, [...keys, ...key]);
}

/** The keys that a part adds to the path, its codec and its value. */
type Part = readonly [readonly string[], CodecShape, unknown];

function* partsOf(codec: CodecShape, value: unknown): Generator<Part> {
  const { _tag, type, types = [], props = {}, codomain } = codec;
  const inner = innerOf(codec);
  if (inner !== undefined) yield [[], inner, value];
  else if (_tag === 'IntersectionType') yield* types.map((member): Part => [[], member, value]);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const itemCodec = _tag === 'TupleType' ? types[index] : type;
      if (itemCodec !== undefined) yield [[String(index)], itemCodec, item];
    }
  } else if (t.UnknownRecord.is(value)) {
    for (const [key, part] of Object.entries(props)) {
      if (!(_tag === 'PartialType' && value[key] === undefined)) yield [[key], part, value[key]];
    }
    if (codomain !== undefined) yield* Object.values(value).map((item): Part => [[ANY_KEY], codomain, item]);
  }
}

/** The member that was meant, if one stands out: alone in being wrong only further inside, its literals right. */
function* misfitsOfMember({ types = [] }: CodecShape, value: unknown, keys: readonly string[]): Generator<Misfit> {
  const isMeant = (found: readonly Misfit[]): boolean =>
    found.every(({ keys: { length }, codec }) => {
      const depth = length - keys.length;
      return depth > 1 || (depth === 1 && codec._tag !== 'LiteralType');
    });
  const [meant, ...others] = types.map((member) => [...misfits(member, value, keys)]).filter(isMeant);
  if (meant !== undefined && others.length === 0) yield* meant;
}
