import Table from 'cli-table3';
import * as E from 'fp-ts/lib/Either.js';
import type { Latencies } from './latencies.js';
import type { Outcome } from './verdict.js';

type Row = readonly [label: string, figure: string];

const PUBLISHING = ['PublishBatch'];
const CONSUMING = ['ReceiveMessage', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch', 'SendMessageBatch'];

/** The table of a run: figures from the library's events and from the queues' attributes. */
export function reportOf(outcome: Outcome): string {
  const { count, injected, tally, users, latencies } = outcome;
  const { published, refused, handled, redelivered, deadLettered } = tally;
  const table = new Table({ style: { head: [], border: [], compact: true }, colAligns: ['left', 'right'] });
  const rows: readonly Row[] = [
    ['events', number(count)],
    ['published', number(published)],
    ['refused', number(refused)],
    ...kinds(tally.refusals),
    ['put into the queue past SNS, unreadable', number(injected)],
    ['handled', number(handled)],
    ...(users.surplus.size === 0 ? [] : [detail('twice, or of another run', number(users.surplus.size))]),
    ['redelivered', number(redelivered)],
    ...kinds(tally.failures),
    ['dead-lettered', number(deadLettered)],
    ...kinds(tally.rejections),
    ...queueRows(outcome),
    ['milliseconds from publish to handled', ''],
    ...times('first delivery', latencies.first),
    ...times('redelivered', latencies.redelivered),
    ...callRows(outcome, 'calls per published message', PUBLISHING, published),
    ...callRows(outcome, 'calls per handled message', CONSUMING, handled),
  ];
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

const number = (value: number): string => value.toLocaleString('en-US');

const detail = (label: string, figure: string): Row => [`  ${label}`, figure];

function kinds(counts: ReadonlyMap<string, number>): readonly Row[] {
  return [...counts].map(([kind, count]) => detail(kind, number(count)));
}

function queueRows({ before, after }: Outcome): readonly Row[] {
  if (E.isLeft(after)) return [['left in the queue', 'unknown']];
  const { visible, inFlight, deadLetters } = after.right;
  return [
    ['left in the queue', number(visible + inFlight)],
    detail('of them in flight, or waiting for a retry', number(inFlight)),
    ['in the dead-letter queue', number(deadLetters)],
    ...(before.deadLetters === 0 ? [] : [detail('of them before', number(before.deadLetters))]),
  ];
}

function times(label: string, latencies: Latencies): readonly Row[] {
  return [50, 99].map((percent) => {
    const ms = latencies.quantile(percent / 100);
    return detail(`${label}, p${percent}`, ms === undefined ? '-' : number(ms));
  });
}

function callRows({ tally }: Outcome, label: string, operations: readonly string[], messages: number): readonly Row[] {
  const made = operations.map((operation) => ({ operation, count: tally.calls.get(operation) ?? 0 }));
  const total = made.reduce((sum, { count }) => sum + count, 0);
  return [
    [label, messages === 0 ? '-' : (total / messages).toFixed(3)],
    ...made.map(({ operation, count }) => detail(operation, number(count))),
  ];
}
