import type { ErrorInfo, MessagingClient, MessagingEvent } from 'rxjs-aws-messaging';

/** What the library's events say has happened. */
export interface Tally {
  published: number;
  refused: number;
  handled: number;
  redelivered: number;
  deadLettered: number;
  settleFailed: number;
  readonly refusals: Map<string, number>;
  readonly failures: Map<string, number>;
  readonly rejections: Map<string, number>;
  readonly calls: Map<string, number>;
}

/** Counts the events of a client from now on. */
export function tallyOf(client: MessagingClient): Tally {
  const tally: Tally = {
    published: 0,
    refused: 0,
    handled: 0,
    redelivered: 0,
    deadLettered: 0,
    settleFailed: 0,
    refusals: new Map(),
    failures: new Map(),
    rejections: new Map(),
    calls: new Map(),
  };
  client.events$.subscribe((event) => count(tally, event));
  return tally;
}

function count(tally: Tally, event: MessagingEvent): void {
  switch (event.type) {
    case 'called':
      addTo(tally.calls, event.operation);
      break;
    case 'published':
      tally.published += 1;
      break;
    case 'publishFailed':
      tally.refused += 1;
      addTo(tally.refusals, kindOf(event.error));
      break;
    case 'received':
      if (event.receiveCount > 1) tally.redelivered += 1;
      break;
    case 'handled':
      if (event.outcome === 'completed') tally.handled += 1;
      else addTo(tally.failures, event.error === undefined ? event.outcome : kindOf(event.error));
      break;
    case 'rejected':
      tally.deadLettered += 1;
      addTo(tally.rejections, kindOf(event.error));
      break;
    case 'settleFailed':
      tally.settleFailed += 1;
      break;
    default:
  }
}

/** Such as `ValidationFailedError /email: expected string`. */
function kindOf({ name, code, paths = [] }: ErrorInfo): string {
  return [name, ...(code === undefined ? [] : [code]), paths.join(', ')].join(' ').trim();
}

function addTo(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}
