import {
  allCallsPerMessage,
  callsPerMessage,
  caseOf,
  type Figure,
  groupOf,
  isBoundByServer,
  measured,
  type Metric,
  ratio,
} from './figures.js';
import { number, table, text } from './markdown.js';
import { decimals, short, spread } from './numbers.js';
import { barPlot } from './plot.js';
import type { CaseResult, Results } from './results.js';

/** A file that a page shows, beside it. */
export interface Plot {
  readonly file: string;
  readonly svg: string;
}

/** How a group is compared. */
export interface Comparison {
  readonly group: string;
  readonly title: string;
  /** Unit of the metric, as a column's head. */
  readonly unit: string;
  readonly metric: Metric;
  /** What others are compared with. */
  readonly base: string;
  /** As a column's head, such as `of the bare SDK`. */
  readonly ratioHead: string;
  readonly only?: (result: CaseResult) => boolean;
}

/** A case of ours is drawn in another colour. */
export const isOurs = ({ name }: CaseResult): boolean =>
  name.startsWith('this library') || name.startsWith('maxInFlight');

/** Figures of a group's cases, and how they stand to one of them. */
export function comparisonTable(results: Results, { group, unit, metric, base, ratioHead, only }: Comparison): string {
  const other = caseOf(results, group, base);
  const rows = casesOf(results, group, only).map((result) => {
    const compared = ratio(result, other, metric);
    return [
      result.name + (isBoundByServer(result) ? ' (bound by the server)' : ''),
      short(measured(result, metric).median),
      spread(measured(result, metric)),
      decimals(2)(compared.median),
      spread(compared, decimals(2)),
    ];
  });
  return table([text('case'), number(unit), number('spread'), number(ratioHead), number('spread of it')], rows);
}

/** The same, drawn: the ratios. */
export function comparisonPlot(
  results: Results,
  { group, title, metric, base, ratioHead, only }: Comparison,
  file: string,
): Plot {
  const other = caseOf(results, group, base);
  const bars = casesOf(results, group, only).map((result) => barOf(result, ratio(result, other, metric)));
  return { file, svg: barPlot(title, `${ratioHead}: median, and least to most of the rounds`, bars, decimals(2)) };
}

export function barOf(result: CaseResult, { median, least, most }: Figure) {
  return { label: result.name, value: median, least, most, isOurs: isOurs(result) };
}

export function casesOf(results: Results, group: string, only: (result: CaseResult) => boolean = () => true) {
  return groupOf(results, group).cases.filter(only);
}

/** Requests a message by operation, and what a billion messages come to. */
export function callsTable(results: Results, group: string, only?: (result: CaseResult) => boolean): string {
  const rows = casesOf(results, group, only).map((result) => {
    const calls = callsPerMessage(result);
    const shown = [...calls].map(([operation, each]) => `${operation} ${decimals(3)(each)}`).join(', ');
    return [result.name, decimals(3)(allCallsPerMessage(result)), shown, short(moneyOfBillion(results, calls))];
  });
  const money = `${results.prices.currency} for a billion`;
  return table([text('case'), number('calls a message'), text('of which'), number(money)], rows);
}

function moneyOfBillion({ prices }: Results, calls: ReadonlyMap<string, number>): number {
  return [...calls].reduce((sum, [operation, each]) => {
    const perMillion = operation.startsWith('Publish') ? prices.snsPerMillionRequests : prices.sqsPerMillionRequests;
    return sum + each * 1_000 * perMillion;
  }, 0);
}
