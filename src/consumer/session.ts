import { asyncScheduler, defer, EMPTY, filter, ignoreElements, merge, type Observable, Subject, take } from 'rxjs';
import type { Topic } from '../topic.js';
import type { ConsumerSettings } from './consumerOptions.js';
import { createCredits, type Credits } from './credits.js';
import { createIntake, type Intake } from './intake.js';
import { createLeases } from './leases.js';
import { type QueueContext, tell } from './queueContext.js';
import { createSettlements } from './settlements.js';
import { REMEDY, watchForStall } from './stall.js';

/** One subscription's messages: held, decoded, settled. */
export interface Session<A> extends Intake<A> {
  readonly credits: Credits;
  /** False while so many settlements wait for SQS that taking more messages in would only pile them up. */
  readonly hasRoom: () => boolean;
  /** Emits when there may be room again. */
  readonly room$: Observable<void>;
  /** Emits when something is held or settled no more. */
  readonly changes$: Observable<void>;
  readonly inFlight: number;
  /** When the message was received that is held longest. */
  readonly oldest: number | undefined;
  readonly pendingSettlements: number;
  readonly isStuck: boolean;
  /** Completes once every message is settled and every settlement has its answer. */
  readonly drained$: Observable<never>;
  /** Releases what nobody settled. What was settled goes on to SQS; `then` runs when that is done. */
  end(then: () => void): void;
}

export function createSession<A>(context: QueueContext, topic: Topic<A>, settings: ConsumerSettings): Session<A> {
  const { maxInFlight, maxPolls } = settings;
  const credits = createCredits(maxInFlight);
  const ended = new Subject<void>();
  let isEnding = false;
  const leases = createLeases({
    ...settings,
    context,
    onEnd: () => {
      stall.ended();
      if (leases.size === 0) stall.stop();
      credits.giveBack(1);
      // Nobody is left whose settlement could share the call; those that end together share theirs.
      if (leases.size === 0 && !isEnding) settlements.flush();
      ended.next();
    },
  });
  const settlements = createSettlements(context, leases, maxPolls);
  const intake = createIntake(context, topic, settings, { credits, leases, settlements });
  const isFull = (): boolean => leases.size >= maxInFlight;
  const stall = watchForStall(isFull, () => {
    const inFlight = leases.size;
    const oldestMs = asyncScheduler.now() - (leases.oldest ?? 0);
    tell(context, () => ({ type: 'stuck', inFlight, oldestMs, remedy: REMEDY }));
    ended.next();
  });
  const releaseHold = context.port.hold();

  const isDrained = (): boolean => leases.size === 0 && settlements.pending === 0;
  const changes$ = merge(ended, settlements.concluded$);
  const drained$ = defer(() => (isDrained() ? EMPTY : changes$.pipe(filter(isDrained), take(1), ignoreElements())));

  return {
    credits,
    hasRoom: () => settlements.pending < maxInFlight * 3 + 10,
    room$: settlements.concluded$,
    changes$,
    get inFlight() {
      return leases.size;
    },
    get oldest() {
      return leases.oldest;
    },
    get pendingSettlements() {
      return settlements.pending;
    },
    get isStuck() {
      return stall.isStuck;
    },
    takeIn: (batch) => {
      const messages = intake.takeIn(batch);
      if (isFull()) stall.full();
      return messages;
    },
    putBack: intake.putBack,
    drained$,
    end: (then) => {
      isEnding = true;
      leases.abandon(settlements.release);
      settlements.flush();
      drained$.subscribe({
        complete: () => {
          stall.stop();
          settlements.complete();
          then();
          releaseHold();
        },
      });
    },
  };
}
