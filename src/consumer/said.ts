import { asyncScheduler, Observable, type Subscriber } from 'rxjs';
import { errorInfo, type SettlementKind } from '../events.js';
import type { RawMessage } from '../message/rawMessage.js';
import { guarded } from '../operators/guarded.js';
import { type QueueContext, tell } from './queueContext.js';

/** What hears to which end a settlement has come. */
export interface SaidEnds {
  /** SQS has confirmed it. */
  confirm(delayMs?: number): void;
  /** It has failed. */
  fail(error: unknown): void;
}

type Ear = Subscriber<void>;

/**
 * One settlement, and the two ends it can come to: one of them, once. Each is an event. A class, because there is one for each
 * message: with closures and a Subject it would be five times as much to make.
 */
export class Said implements SaidEnds {
  readonly #context: QueueContext;
  // Not the message: until SQS has answered nothing else needs its body and its value any more.
  readonly #id: string;
  readonly #receiveCount: number;
  readonly #settlement: SettlementKind;
  readonly #onEnd: (tellListeners: () => void) => void;
  readonly #saidAt = asyncScheduler.now();
  /** Those who listen, until it has ended. */
  #ears: Ear[] = [];
  /** Tells who asks later. */
  #end: ((ear: Ear) => void) | undefined;

  constructor(
    context: QueueContext,
    { messageId, receiveCount }: RawMessage,
    settlement: SettlementKind,
    onEnd: (tellListeners: () => void) => void,
  ) {
    this.#context = context;
    this.#id = messageId;
    this.#receiveCount = receiveCount;
    this.#settlement = settlement;
    this.#onEnd = onEnd;
  }

  /** Completes when SQS has confirmed it, errors when it has failed. */
  confirmed(): Observable<void> {
    // A Subject would hold more for each, of which mostly one listens.
    return new Observable((ear) => {
      if (this.#end === undefined) this.#ears.push(ear);
      else this.#end(ear);
    });
  }

  confirm(delayMs?: number): void {
    const delay = delayMs === undefined ? undefined : { delayMs };
    tell(this.#context, () => ({ type: 'settled', ...this.#told(), ...delay }));
    this.#conclude(COMPLETE);
  }

  fail(error: unknown): void {
    tell(this.#context, () => ({ type: 'settleFailed', ...this.#told(), error: errorInfo(error) }));
    this.#conclude((ear) => {
      ear.error(error);
    });
  }

  #told() {
    const durationMs = asyncScheduler.now() - this.#saidAt;
    return { id: this.#id, receiveCount: this.#receiveCount, settlement: this.#settlement, durationMs };
  }

  #conclude(end: (ear: Ear) => void): void {
    this.#onEnd(() => {
      this.#end = end;
      // What the teardown of one throws is no matter of the others.
      for (const ear of this.#ears.splice(0)) {
        guarded(() => {
          end(ear);
        });
      }
    });
  }
}

const COMPLETE = (ear: Ear): void => {
  ear.complete();
};
