/** The event that every benchmark publishes and consumes: about 280 bytes of JSON. */
export interface OrderPlaced {
  readonly id: string;
  readonly type: 'order.placed';
  readonly timestamp: string;
  readonly customer: { readonly id: string; readonly name: string };
  readonly cents: number;
  readonly currency: string;
  readonly lines: readonly number[];
  readonly note: string;
}

/** What fills it up. */
const NOTE = 'to the back door, please '.repeat(3).trim();

/** The event of this number; nothing of it is shared with another but the constants. */
export function orderPlaced(serial: number): OrderPlaced {
  return {
    id: `order-${String(serial).padStart(10, '0')}`,
    type: 'order.placed',
    timestamp: '2026-01-01T12:00:00.000Z',
    customer: { id: `customer-${String(serial % 1_000)}`, name: 'Somebody Somewhere' },
    cents: serial % 10_000,
    currency: 'EUR',
    lines: [serial % 7, serial % 11, serial % 13],
    note: NOTE,
  };
}
