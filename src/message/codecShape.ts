import type * as t from 'io-ts';

/**
 * What io-ts's own codecs show of their structure, by `_tag`. `t.Type` declares none of it, and a codec of another make
 * has none of it.
 */
export interface CodecShape extends Pick<t.Mixed, 'name' | 'is'> {
  readonly _tag?: string;
  /** Of what is wrapped: a refinement, `readonly`, `exact`, `recursion`; and the items of an array. */
  readonly type?: CodecShape;
  /** Of a union, an intersection, a tuple. */
  readonly types?: readonly CodecShape[];
  /** Of `type` and `partial`. */
  readonly props?: Readonly<Record<string, CodecShape>>;
  /** Of a record's values. */
  readonly codomain?: CodecShape;
}

/** Stands in a path for a key of a record: such a key is data, and may be anybody's e-mail address. */
export const ANY_KEY = '*';

const WRAPPERS = new Set(['ExactType', 'ReadonlyType', 'RecursiveType', 'RefinementType']);

/** As much as tells a wrapper. */
export type Wrapping = Pick<CodecShape, '_tag' | 'type'>;

/** The codec that reads the very same value inside this one; it adds no key to the path. */
export const innerOf = ({ _tag = '', type }: Wrapping): CodecShape | undefined =>
  WRAPPERS.has(_tag) ? type : undefined;

/** The codec inside all that is wrapped around it. */
export function unwrapped(codec: Wrapping): Wrapping {
  const inner = innerOf(codec);
  return inner === undefined ? codec : unwrapped(inner);
}
