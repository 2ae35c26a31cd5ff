import {
  catchError,
  defer,
  EMPTY,
  finalize,
  mergeMap,
  type Observable,
  of,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs';
import {
  ack,
  type FailurePolicy,
  ignore,
  type InvalidMessage,
  type Message,
  MessageProcessingError,
  reject,
  retryAfter,
  type Settlement,
} from '../../../src/index.js';
import type { Attempt, Burst, Consumption, Word } from './scenario.js';
import { nameOf, type World } from './world.js';

const AT_ONCE: Attempt = { ms: 0, says: 'nothing', ends: 'complete' };
const notYet = new MessageProcessingError('not yet');
const never = new MessageProcessingError('never', { retryable: false });

const SETTLEMENTS: Readonly<Record<Exclude<Word, 'nothing'>, Settlement>> = {
  ack,
  ackTwice: ack,
  retry: retryAfter(300),
  reject: reject(never),
  ignore,
};

/** What the attempts at the work on each message are, by its name; they are counted over all consumers. */
export function createPlan(): { add(name: string, burst: Burst): void; next(name: string): Attempt } {
  const left = new Map<string, Attempt[]>();
  return {
    add: (name, { attempts }) => void left.set(name, [...attempts]),
    next: (name) => left.get(name)?.shift() ?? AT_ONCE,
  };
}

/** The handlers of one consumer, counted while they run and have not said what becomes of their message. */
export function createWork(world: World, plan: ReturnType<typeof createPlan>, consumption: Consumption, label: string) {
  const { maxInFlight, concurrency, settles } = consumption;
  const { isFifo } = world.scenario;
  const isInLanes = settles === 'ackMap';
  const inWork = new Map<string, number>();
  let running = 0;
  let slots = 0;

  const begin = (name: string): (() => void) => {
    const lane = isFifo ? name.charAt(0) : '';
    running += 1;
    inWork.set(lane, (inWork.get(lane) ?? 0) + 1);
    if (isInLanes && running > concurrency) world.complain(`${label}: ${String(running)} handlers at once`);
    if (isInLanes && isFifo && (inWork.get(lane) ?? 0) > 1) world.complain(`${label}: two handlers of group ${lane}`);
    return () => {
      running -= 1;
      inWork.set(lane, (inWork.get(lane) ?? 0) - 1);
    };
  };

  const say = (message: Message<string>, settlement: Settlement): void => void message.settle(settlement);

  const handler = (message: Message<string>): Observable<string> =>
    defer(() => {
      const name = nameOf(message.value);
      const { ms, says, ends } = plan.next(name);
      const end = begin(name);
      let hasSlot = true;
      slots += 1;
      if (slots > maxInFlight) world.complain(`${label}: ${String(slots)} messages in work`);
      const leave = (): void => {
        slots -= Number(hasSlot);
        hasSlot = false;
      };
      const speak = (): void => {
        if (says === 'ack' || says === 'ackTwice') world.completes(name, isInLanes);
        if (says === 'nothing') return;
        leave();
        say(message, SETTLEMENTS[says]);
        // The first word counts.
        if (says === 'ackTwice') say(message, reject(never));
      };
      const finish = (): void => {
        if (says === 'nothing') world.completes(name, isInLanes);
      };
      return timer(ms).pipe(
        tap(speak),
        mergeMap(() => (ends === 'lingerAndComplete' ? timer(200) : of(0))),
        mergeMap(() => {
          if (ends === 'fail') return throwError(() => notYet);
          return ends === 'failForGood' ? throwError(() => never) : of(name);
        }),
        tap({ complete: finish }),
        // The value comes before the completion; what it is does not matter here.
        tap({ error: leave, complete: leave }),
        finalize(() => {
          leave();
          end();
        }),
      );
    });

  /** Work that says itself what becomes of its message, when it ends at the latest. */
  const byHand = (message: Message<string>): Observable<string> =>
    handler(message).pipe(
      tap({ complete: () => say(message, ack) }),
      catchError((error: unknown) => {
        say(message, error === never ? reject(never) : retryAfter(0));
        return EMPTY;
      }),
      // The lease is lost: somebody else has the message now.
      takeUntil(message.lost$),
    );

  return isInLanes ? handler : byHand;
}

/** The policy of a consumer for failed handlers. */
export function onErrorOf({ onError }: Consumption): { readonly onError?: FailurePolicy<string> } {
  if (onError === 'default') return {};
  if (onError === 'throws') {
    return {
      onError: () => {
        throw new Error('a policy that fails');
      },
    };
  }
  return { onError: () => (onError === 'ignore' ? ignore : retryAfter(0)) };
}

/** The policy of a consumer for what it can't decode. */
export function onInvalidOf(
  world: World,
  { onInvalid }: Consumption,
  judge: (id: string, settlement: Settlement) => void,
) {
  if (onInvalid === 'default') return {};
  return {
    onInvalid: (_error: unknown, { id, body, receiveCount }: InvalidMessage): Settlement => {
      if (onInvalid === 'throws') throw new Error('a policy that fails');
      if (onInvalid === 'ack') world.mayBeDropped.add(nameOf(body));
      const again = receiveCount === 1 ? retryAfter(700) : reject(never);
      const settlement = onInvalid === 'ack' ? ack : again;
      judge(id, settlement);
      return settlement;
    },
  };
}
