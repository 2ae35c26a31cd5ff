import {
  asyncScheduler,
  from,
  Observable,
  type ObservableInput,
  type ObservedValueOf,
  type Observer,
  type Subscriber,
  timer,
  type Unsubscribable,
} from 'rxjs';
import { MessageProcessingError } from '../errors.js';
import type { Message } from '../message/message.js';
import { guarded } from '../operators/guarded.js';
import { Cancellation, type HandlerContext } from './handlerContext.js';
import { tellHandled } from './tellHandled.js';

/** What to work on a message with, and who hears how that ended. */
export interface WorkOptions<A, O extends ObservableInput<unknown>> {
  readonly project: (value: A, message: Message<A>, context: HandlerContext) => O;
  readonly timeoutMs: number;
  /** It completed; told before anybody else hears of it. */
  readonly onCompleted: () => void;
  /** It failed, or took too long. */
  readonly onFailed: (error: unknown) => void;
  /** The lease is lost, and the work was cancelled. */
  readonly onLost: () => void;
}

/**
 * The work on one message: its values; it completes however that ends. It is cancelled when the lease is lost, when it takes too
 * long, and on unsubscribe: an Observable is unsubscribed, a promise hears it by the signal. What its teardown throws is
 * reported as RxJS reports unhandled errors: else whoever unsubscribes would get it, and `mergeMap` keep the slot for ever.
 *
 * ```text
 * project   --a--b--|          --a--#      --a------
 * lost$     ---------          ------      -----l
 * workOn    --a--b--|          --a--|      --a--|
 * hears             completed       failed      lost
 * ```
 */
export function workOn<A, O extends ObservableInput<unknown>>(
  message: Message<A>,
  options: WorkOptions<A, O>,
): Observable<ObservedValueOf<O>> {
  return new Observable((subscriber) => {
    new Work(message, options, subscriber).begin();
  });
}

/** One object where operators would be eight, or closures ten: there is one for each message in flight, of which there may be thousands. */
class Work<A, O extends ObservableInput<unknown>> implements Observer<ObservedValueOf<O>>, Unsubscribable {
  readonly #message: Message<A>;
  readonly #options: WorkOptions<A, O>;
  readonly #output: Subscriber<ObservedValueOf<O>>;
  readonly #cancellation = new Cancellation();
  readonly #startedAt = asyncScheduler.now();
  #input: Unsubscribable | undefined;
  #isWorking = false;

  constructor(message: Message<A>, options: WorkOptions<A, O>, output: Subscriber<ObservedValueOf<O>>) {
    this.#message = message;
    this.#options = options;
    this.#output = output;
  }

  begin(): void {
    const { timeoutMs } = this.#options;
    this.#output.add(this);
    this.#output.add(
      this.#message.lost$.subscribe(() => {
        this.#lose();
      }),
    );
    if (this.#hasLeft()) return;
    if (timeoutMs < Infinity) {
      this.#output.add(
        timer(timeoutMs).subscribe(() => {
          this.#expire(timeoutMs);
        }),
      );
    }
    this.#isWorking = true;
    guarded(() => {
      this.#start();
    });
  }

  #start(): void {
    // Known before it emits: work that emits while it is subscribed to can be unsubscribed, too.
    new Observable<ObservedValueOf<O>>((input) => {
      this.#input = input;
      const { project } = this.#options;
      from(project(this.#message.value, this.#message, this.#cancellation)).subscribe(input);
    }).subscribe(this);
  }

  next(value: ObservedValueOf<O>): void {
    // While it is told that it took too long it may go on.
    if (this.#isWorking) this.#output.next(value);
  }

  error(error: unknown): void {
    if (!this.#isOverNow()) return;
    this.#fail('failed', error);
    this.#output.complete();
  }

  complete(): void {
    if (!this.#isOverNow()) return;
    // Whoever hears of it may end the consumer: what was done is acknowledged by then.
    guarded(this.#options.onCompleted);
    tellHandled(this.#message, this.#startedAt, 'completed');
    this.#output.complete();
  }

  /** The output was left, or is over. */
  unsubscribe(): void {
    this.#cancelAndTell();
    this.#leave();
  }

  #lose(): void {
    this.#cancelAndTell();
    guarded(this.#options.onLost);
    this.#output.complete();
  }

  #expire(timeoutMs: number): void {
    if (!this.#isOverNow()) return;
    const error = tookTooLong(timeoutMs, this.#message);
    // First what becomes of the message: a handler that settles it as it is cancelled comes too late.
    this.#fail('timedOut', error);
    this.#cancel(error);
    this.#output.complete();
  }

  #fail(outcome: 'failed' | 'timedOut', error: unknown): void {
    tellHandled(this.#message, this.#startedAt, outcome, error);
    // Whoever heard of it may have ended the consumer.
    if (this.#hasLeft()) return;
    guarded(() => {
      this.#options.onFailed(error);
    });
  }

  #cancelAndTell(): void {
    if (!this.#isOverNow()) return;
    this.#cancel();
    tellHandled(this.#message, this.#startedAt, 'cancelled');
  }

  #cancel(reason?: Error): void {
    this.#cancellation.cancel(reason);
    this.#leave();
  }

  #leave(): void {
    guarded(() => this.#input?.unsubscribe());
  }

  /** Whether it was under way until now. */
  #isOverNow(): boolean {
    const wasWorking = this.#isWorking;
    this.#isWorking = false;
    return wasWorking;
  }

  #hasLeft(): boolean {
    return this.#output.closed;
  }
}

const tookTooLong = (timeoutMs: number, { id: messageId, topic }: Message<unknown>): MessageProcessingError =>
  new MessageProcessingError(`the handler took longer than ${String(timeoutMs)} ms`, { messageId, topic });
