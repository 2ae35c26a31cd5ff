import { Subject, takeUntil } from 'rxjs';
import { publishFrom } from '../../../src/index.js';
import { broken, leave, optionsOf, type Producer, type ProducerParts } from './producer.js';

/** Values go through `publishFrom`, which reads them; how far, and whether it lets go of the rest, is watched. */
export function createReading<A>(parts: ProducerParts<A>): Producer {
  const { client, topic, desk, listener, valueOf, close } = parts;
  const { stopOnError, ending, whileRead, bursts, maxRequests = 20, maxPending = 20 * maxRequests } = desk.production;
  const left = new Subject<void>();
  const inOrder = [...bursts].sort((one, other) => one.at - other.at);
  const unread = inOrder.flatMap((burst) => Array.from({ length: burst.count }, () => burst));
  let opened = 0;
  let returned = 0;
  let reads = 0;
  let isRunning = false;
  let isExhausted = false;

  /** Whether reading brings an end about. What is read then is dropped. */
  const disturbs = (): boolean => {
    reads += 1;
    if (reads !== whileRead?.after) return false;
    isRunning = true;
    if (whileRead.does === 'close') close();
    else leave(parts, () => left.next());
    isRunning = false;
    return true;
  };

  const next = (): IteratorResult<A> => {
    const isOver = returned > 0 || isExhausted || !desk.isHeard() || client.port.isClosing();
    if (isOver) desk.complain('it read on after the end');
    if (isOver) return { done: true, value: undefined };
    const waiting = desk.pending();
    if (waiting >= maxPending) desk.complain(`it read on, with ${String(waiting)} values without a result`);
    if (disturbs()) return { done: false, value: undefined as A };
    const burst = unread.shift();
    if (burst !== undefined) return { done: false, value: valueOf(desk.enter(burst)) };
    isExhausted = true;
    if (ending === 'error') throw broken;
    return { done: true, value: undefined };
  };

  // Of no generator's, so that each return is seen.
  const values: Iterable<A> = {
    [Symbol.iterator]: () => {
      opened += 1;
      return {
        next,
        return: () => {
          if (isRunning) desk.complain('it was returned while it was running');
          returned += 1;
          return { done: true, value: undefined };
        },
      };
    },
  };

  const faults = (): readonly string[] => {
    if (opened > 1) return [`it was opened ${String(opened)} times`];
    const times = opened === 1 && !isExhausted ? 1 : 0;
    return returned === times ? [] : [`it was returned ${String(returned)} times, and not ${String(times)}`];
  };

  return {
    begin: () => {
      const options = { ...optionsOf(desk.production), stopOnError };
      publishFrom(client, topic, values, options).pipe(takeUntil(left)).subscribe(listener.observer);
    },
    handIn: () => undefined,
    end: () => undefined,
    unsubscribe: () => leave(parts, () => left.next()),
    isOver: () => desk.pending() === 0 && (listener.hasEnded() || !desk.isHeard()),
    faults,
  };
}
