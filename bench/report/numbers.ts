import type { Figure } from './figures.js';

// How figures look on the pages.

export const decimals = (digits: number) => (value: number) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Three figures that count, and never an exponent. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  return decimals(value >= 100 ? 0 : value >= 10 ? 1 : 2)(value);
}

export const megabytes = (bytes: number): string => `${decimals(2)(bytes / 1_000_000)} MB`;

/** From the least to the most of the rounds. */
export function spread({ least, most }: Figure, shown: (value: number) => string = short): string {
  return `${shown(least)} to ${shown(most)}`;
}
