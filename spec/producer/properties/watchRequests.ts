import { asyncScheduler, defer, tap } from 'rxjs';
import type { AwsCalls, BatchResponse, PublishedEntry, PublishRequest } from '../../../src/client/client.js';
import { AWSConnectionError } from '../../../src/index.js';
import { meaningOfCall, meaningOfEntry } from './codes.js';
import type { Desk } from './desk.js';
import { entryFaults, requestFaults } from './entryFaults.js';
import { createGaps } from './gaps.js';
import { type Attempt, type Item, lastAttempt } from './item.js';
import type { World } from './world.js';

/** Watches the requests of a client: what each carries, when it is made, what it is answered. */
export function watchRequests(world: World, deskOf: (item: Item) => Desk | undefined): Pick<AwsCalls, 'publishBatch'> {
  const { calls, settings, closed$ } = world.broker.port;
  const begun: number[] = [];
  const underWay = new Map<Desk, number>();
  const gaps = createGaps(world);
  let isClosed = false;
  closed$.subscribe(() => (isClosed = true));

  const checkRate = (now: number): void => {
    const { rateLimit } = settings;
    if (rateLimit === undefined) return;
    begun.push(now);
    // One after the other up to 100 a second; above that those of 10 ms may come together.
    const togetherMs = Math.max(0, 10 - 1_000 / rateLimit);
    const most = (ms: number): number => 1 + (rateLimit * (ms + togetherMs)) / 1_000;
    const isOver = begun.some((at, index) => begun.length - index > most(now - at) + 1e-6);
    if (isOver) world.complain(`more requests than ${String(rateLimit)} a second`);
  };

  const begin = (request: PublishRequest): readonly Item[] => {
    const now = asyncScheduler.now();
    const items = request.entries.flatMap(({ body }) => world.itemOf(body) ?? []);
    const [first] = items;
    const desk = first === undefined ? undefined : deskOf(first);
    if (desk === undefined || items.length < request.entries.length) {
      world.complain('a request with a value that nobody handed in');
      return items;
    }
    const { complain, production } = desk;
    if (isClosed) complain('a request after the client was closed');
    for (const fault of requestFaults(production, request)) complain(fault);
    checkRate(now);
    for (const [index, item] of items.entries()) {
      if (deskOf(item) !== desk) complain(`${item.parcel.id} came with values of another producer`);
      const entry = request.entries[index];
      if (entry === undefined) continue;
      for (const fault of entryFaults(world, desk, item, entry)) complain(`${item.parcel.id} ${fault}`);
      const late = gaps.faultOf(desk, item);
      if (late !== undefined) complain(`${item.parcel.id} ${late}`);
      item.attempts.push({ at: now, company: items.length, endedAt: undefined, fate: undefined, code: '' });
    }
    const count = (underWay.get(desk) ?? 0) + 1;
    const most = production.door === 'publishEvent' ? 20 : (production.maxRequests ?? 20);
    underWay.set(desk, count);
    if (count > most) complain(`${String(count)} requests at once`);
    gaps.occupied(desk, count >= most);
    return items;
  };

  const end = (items: readonly Item[], fateOf: (index: number) => Pick<Attempt, 'fate' | 'code'>): void => {
    const [first] = items;
    const desk = first === undefined ? undefined : deskOf(first);
    if (desk === undefined) return;
    for (const [index, item] of items.entries()) {
      const attempt = lastAttempt(item);
      if (attempt !== undefined) Object.assign(attempt, { endedAt: asyncScheduler.now(), ...fateOf(index) });
      if (typeof attempt?.fate === 'object' && attempt.fate.isThrottle) gaps.throttled();
    }
    underWay.set(desk, (underWay.get(desk) ?? 0) - 1);
    gaps.occupied(desk, false);
  };

  return {
    publishBatch: (request) =>
      defer(() => {
        const items = begin(request);
        const failed = (code: string) => () => ({ fate: meaningOfCall(code), code });
        return calls.publishBatch(request).pipe(
          tap({
            next: (answer) => end(items, (index) => fateIn(answer, request.entries[index]?.id ?? '')),
            error: (error: unknown) => end(items, failed(error instanceof AWSConnectionError ? error.code : 'Unknown')),
            unsubscribe: () => end(items, failed('Aborted')),
          }),
        );
      }),
  };
}

/** What an answer of 200 says of an entry. */
function fateIn({ successful, failed }: BatchResponse<PublishedEntry>, id: string): Pick<Attempt, 'fate' | 'code'> {
  if (successful.some((entry) => entry.id === id)) return { fate: 'accepted', code: '' };
  const code = failed.find((entry) => entry.id === id)?.code ?? 'NotAnswered';
  return { fate: meaningOfEntry(code), code };
}
