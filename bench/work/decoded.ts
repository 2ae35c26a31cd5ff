import * as E from 'fp-ts/lib/Either.js';
import type { OrderPlaced } from '../server/payload.js';
import { OrderPlacedCodec } from './codec.js';

/** The event in the body of a message of a subscription without raw delivery, as a loop that checks its messages reads it. */
export function decoded(body: string | undefined): OrderPlaced {
  return checked(parsed(body));
}

/** The same without the check, as a loop that trusts its messages reads it. */
export function parsed(body: string | undefined): OrderPlaced {
  const envelope = JSON.parse(body ?? '') as { readonly Message: string };
  return JSON.parse(envelope.Message) as OrderPlaced;
}

export function checked(value: unknown): OrderPlaced {
  const result = OrderPlacedCodec.decode(value);
  if (E.isLeft(result)) throw new Error('a message that its codec refuses');
  return result.right;
}
