import * as t from 'io-ts';

const isDate = (input: unknown): input is Date => input instanceof Date && !Number.isNaN(input.getTime());

/** A Date on our side, ISO 8601 text such as `2026-01-31T12:00:00.000Z` on the wire. */
export const isoDate = new t.Type<Date, string>(
  'ISO date',
  isDate,
  (input, context) => {
    const date = typeof input === 'string' ? new Date(input) : undefined;
    return isDate(date) ? t.success(date) : t.failure(input, context);
  },
  (date) => date.toISOString(),
);
