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
export const misfitsOf = (codec: t.Mixed, value: unknown): string[] =>
  pathTexts(misfits(codec, value, [], { left: MAX_VISITS }));

/** Parts that are looked at in the search. Unions within unions have more than anybody could wait for. */
const MAX_VISITS = 10_000;
interface Visits {
  left: number;
}

function* misfits(codec: CodecShape, value: unknown, keys: readonly string[], visits: Visits): Generator<Misfit> {
  visits.left -= 1;
  if (codec.is(value)) return;
  let isOfAPart = false;
  if (visits.left > 0) {
    for (const misfit of misfitsOfParts(codec, value, keys, visits)) {
      isOfAPart = true;
      yield misfit;
    }
  }
  if (!isOfAPart) yield { keys, codec, expected: codec.name };
}

function* misfitsOfParts(
  codec: CodecShape,
  value: unknown,
  keys: readonly string[],
  visits: Visits,
): Generator<Misfit> {
  if (codec._tag === 'UnionType') {
    yield* misfitsOfMember(codec, value, keys, visits);
  } else {
    for (const [key, part, partValue] of partsOf(codec, value)) {
      yield* misfits(part, partValue, [...keys, ...key], visits);
    }
  }
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
function* misfitsOfMember(
  { types = [] }: CodecShape,
  value: unknown,
  keys: readonly string[],
  visits: Visits,
): Generator<Misfit> {
  const [meant, ...others] = types.flatMap((member) => {
    const found = hasOtherLiteral(member, value) ? undefined : misfitsIfMeant(member, value, keys, visits);
    return found === undefined ? [] : [found];
  });
  if (meant !== undefined && others.length === 0 && visits.left > 0) yield* meant;
}

/** Whether a literal of the member says that the value is another's; told without a look at the rest of it. */
function hasOtherLiteral(member: CodecShape, value: unknown): boolean {
  if (member._tag === 'LiteralType') return !member.is(value);
  for (const [key, part, partValue] of partsOf(member, value)) {
    const isDirect = key.length === 0;
    if (isDirect ? hasOtherLiteral(part, partValue) : part._tag === 'LiteralType' && !part.is(partValue)) return true;
  }
  return false;
}

/** Where a member is wrong, if only further inside; undefined as soon as that is not so. */
function misfitsIfMeant(
  member: CodecShape,
  value: unknown,
  keys: readonly string[],
  visits: Visits,
): readonly Misfit[] | undefined {
  const found: Misfit[] = [];
  for (const misfit of misfits(member, value, keys, visits)) {
    if (misfit.keys.length === keys.length) return undefined;
    found.push(misfit);
  }
  return found;
}
