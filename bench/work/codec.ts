import * as t from 'io-ts';

/** The codec of what is published and consumed, for whoever decodes with io-ts. */
export const OrderPlacedCodec = t.type({
  id: t.string,
  type: t.literal('order.placed'),
  timestamp: t.string,
  customer: t.type({ id: t.string, name: t.string }),
  cents: t.number,
  currency: t.string,
  lines: t.readonlyArray(t.number),
  note: t.string,
});
