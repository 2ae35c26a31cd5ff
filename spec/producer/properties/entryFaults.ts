import { isDeepStrictEqual } from 'node:util';
import { asyncScheduler } from 'rxjs';
import type { PublishEntry, PublishRequest } from '../../../src/client/client.js';
import { LIMIT } from './expectation.js';
import { isUnderWay, type Item, lastAttempt, mostAttempts, wasTakenApart } from './item.js';
import { countBytes, wireAttributes } from './parcel.js';
import type { Desk } from './desk.js';
import type { Production } from './scenario.js';
import { maySendAgain } from './truth.js';
import type { World } from './world.js';

/** What is wrong with a request as a whole. */
export function requestFaults({ maxMessageBytes = LIMIT }: Production, { entries }: PublishRequest): readonly string[] {
  const ids = entries.map(({ id }) => id);
  const bytes = entries.map(countBytes).reduce((sum, more) => sum + more, 0);
  return [
    ...(entries.length >= 1 && entries.length <= 10 ? [] : [`a request of ${String(entries.length)} entries`]),
    ...(new Set(ids).size === ids.length ? [] : [`a request with an id twice: ${ids.join(' ')}`]),
    ...(ids.every((id) => /^[A-Za-z0-9_-]{1,80}$/.test(id))
      ? []
      : [`a request with ids of another form: ${ids.join(' ')}`]),
    ...(bytes <= maxMessageBytes ? [] : [`a request of ${String(bytes)} bytes`]),
  ];
}

/** What is wrong with an entry, by what it carries and by what became of its value before. */
export function entryFaults(world: World, desk: Desk, item: Item, entry: PublishEntry): readonly string[] {
  const { production } = desk;
  const { expected, result, attempts, parcel, isWithdrawn, previous } = item;
  const { retryAttempts } = world.scenario;
  const last = lastAttempt(item);
  const isRefused = typeof last?.fate === 'object' && !last.fate.isRetryable && !wasTakenApart(last);
  const isOvertaking = previous !== undefined && !isOver(previous, desk.isHeard());
  return [
    ...(expected === 'accepted' ? [] : [`was sent, expected ${expected}`]),
    ...(result === undefined ? [] : ['was sent after it had its result']),
    ...(isWithdrawn ? ['was sent after it was aborted'] : []),
    ...(isUnderWay(item) ? ['is in two requests at once'] : []),
    ...(last?.fate === 'accepted' ? ['was sent again though SNS had accepted it'] : []),
    ...(isRefused ? [`was sent again after ${last.code}`] : []),
    ...(attempts.length < mostAttempts(item, retryAttempts) ? [] : [`was sent ${String(attempts.length + 1)} times`]),
    ...(maySendAgain(world, production, item, asyncScheduler.now()) ? [] : ['was sent again though SNS may have it']),
    ...(isOvertaking ? [`was sent before ${previous.parcel.id} of its group had its answer`] : []),
    ...(isItself(production, item, entry)
      ? []
      : [`travels as something else than ${JSON.stringify(parcel).slice(0, 80)}`]),
  ];
}

/** It has its answer; by its last request alone where nobody hears of results. */
function isOver(item: Item, isHeard: boolean): boolean {
  if (item.result !== undefined || item.isAborted) return true;
  return !isHeard && lastAttempt(item)?.endedAt !== undefined;
}

/** Each request of a value has to carry the very same. */
function isItself({ kind }: Production, item: Item, entry: PublishEntry): boolean {
  const { parcel, type, burst } = item;
  const typed = type === '' ? {} : { type: { dataType: 'String', stringValue: type } };
  const byItself = kind === 'byContent' && type !== '';
  const isDeduplicated = byItself
    ? entry.deduplicationId === (item.deduplicationId ??= entry.deduplicationId)
    : entry.deduplicationId === (kind === 'byId' ? parcel.key : undefined);
  return (
    isDeduplicated &&
    entry.groupId === parcel.group &&
    entry.body === item.body &&
    isDeepStrictEqual(entry.attributes, { ...wireAttributes(burst), ...typed })
  );
}
