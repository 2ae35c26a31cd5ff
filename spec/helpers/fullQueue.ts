import * as t from 'io-ts';
import { ignoreElements, Subject, timer } from 'rxjs';
import { ackMap, type ConsumerOptions, fifoTopic, fromTopic, type MessagingEvent, topic } from '../../src/index.js';
import { messagingTest } from '../../src/testing/index.js';

/** What a consumer has to do. */
export interface Load {
  /** Messages that are handled; there are more in the queue all the time. */
  readonly messages: number;
  /** Milliseconds of work on a message, on average: half of it to one and a half. */
  readonly workMs: number;
  /** Milliseconds that each call takes. */
  readonly latencyMs: number;
  /** Message groups of a FIFO queue; none for a standard queue. */
  readonly groups?: number;
  readonly options?: ConsumerOptions;
}

/** Calls by operation, the first receives among them, and how fast it went. */
export interface Cost {
  readonly calls: ReadonlyMap<string, number>;
  readonly callsPerMessage: number;
  readonly messagesPerSecond: number;
}

/** Runs a consumer on a queue that is full all the time, on virtual time. */
export function costOf({ messages, workMs, latencyMs, groups, options }: Load): Cost {
  const calls = new Map<string, number>();
  let settled = 0;
  let lastAt = 0;
  messagingTest(
    ({ broker }) => {
      const jobs = groups === undefined ? Jobs : fifoJobs(groups);
      broker.provision(jobs);
      for (let serial = 0; serial < messages + RESERVE; serial += 1) broker.publish(jobs, serial);
      const stop = new Subject<void>();
      const count = (event: MessagingEvent): void => {
        if (settled === messages) return;
        if (event.type === 'called') calls.set(event.operation, (calls.get(event.operation) ?? 0) + 1);
        if (event.type !== 'settled') return;
        settled += 1;
        lastAt = event.at;
        if (settled === messages) stop.next();
      };
      broker.events$.subscribe(count);
      fromTopic(broker, jobs, { ...options, stop })
        .pipe(ackMap((serial) => timer(workMs * (0.5 + ((serial * 7) % 11) / 10)).pipe(ignoreElements())))
        .subscribe();
    },
    { latencyMs, partialReceives: false, overtimeMs: LONGEST_MS },
  );
  const total = [...calls.values()].reduce((sum, made) => sum + made, 0);
  return { calls, callsPerMessage: total / messages, messagesPerSecond: (messages / lastAt) * 1_000 };
}

/** Messages that are left at the end: the queue is never found empty. */
const RESERVE = 500;

/** Virtual time costs nothing while nothing happens. */
const LONGEST_MS = 24 * 3_600_000;

const Jobs = topic('jobs', t.number);
const fifoJobs = (groups: number) =>
  fifoTopic('jobs', t.number, {
    groupId: (serial) => String(serial % groups),
    deduplicationId: (serial) => String(serial),
  });
