import * as t from 'io-ts';
import { fifoTopic, topic } from '../src/index.js';

const Order = t.type({ id: t.number, name: t.string, cents: t.number });
export type Order = t.TypeOf<typeof Order>;

export const Orders = topic('orders', Order);

export const LANES = 1_000;
export const OrdersInLanes = fifoTopic('orders', Order, {
  groupId: ({ id }) => String(id % LANES),
  deduplicationId: ({ id }) => String(id),
});

/** The order of this number; nothing of it is shared with another. */
export function orderOf(serial: number): Order {
  return { id: serial, name: 'somebody', cents: serial % 1_000 };
}
