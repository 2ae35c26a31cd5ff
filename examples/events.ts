import * as t from 'io-ts';
import { fifoTopic, topic } from 'rxjs-aws-messaging';
import { isoDate } from './isoDate.js';

// What producer and consumer agree on. In a real project this file is a package that both import.

export const UserCreated = t.type({ userId: t.string, email: t.string, createdAt: isoDate }, 'UserCreated');
export type UserCreated = t.TypeOf<typeof UserCreated>;

/** Users as they are created, in no particular order. */
export const UserEvents = topic('user-events', UserCreated);

export const OrderChanged = t.type({ id: t.string, customer: t.string, status: t.string }, 'OrderChanged');
export type OrderChanged = t.TypeOf<typeof OrderChanged>;

/** Orders as they change, in order for each customer. */
export const Orders = fifoTopic('orders', OrderChanged, {
  groupId: ({ customer }) => customer,
  deduplicationId: ({ id, status }) => `${id}-${status}`,
});
