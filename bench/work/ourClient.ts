import { createClient, type MessagingClient, topic } from '../../src/index.js';
import { OrderPlacedCodec } from './codec.js';
import { ACCOUNT_ID, clientOptions } from './place.js';

/** A topic of this library; all of them have the same codec. */
export const ordersOf = (name: string) => topic(name, OrderPlacedCodec);

export function ourClient(endpoint: string): MessagingClient {
  return createClient({ ...clientOptions(endpoint), environment: 'bench', accountId: ACCOUNT_ID });
}
