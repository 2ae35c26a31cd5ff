/** What a handler may need beside the message. */
export interface HandlerContext {
  /**
   * Aborts when the work is cancelled: it took longer than `timeoutMs` (then its `reason` is that error), the lease was lost,
   * the consumer was unsubscribed, or `client.close()` ran out of time. An Observable is unsubscribed then; a promise can't
   * be, so hand this on: `fetch(url, { signal })`. What a promise still does after that is neither waited for nor counted.
   */
  readonly signal: AbortSignal;
}

/**
 * The context of one piece of work, whose signal is made when it is asked for: most handlers never do. A class, because an
 * object literal with a getter has a shape of its own, which is half a kilobyte for each message in flight.
 */
export class Cancellation implements HandlerContext {
  #controller: AbortController | undefined;
  #isCancelled = false;
  #reason: Error | undefined;

  declare readonly signal: AbortSignal;

  /** One getter for all, of the object itself: a copy by spread keeps the signal. */
  static readonly #SIGNAL: PropertyDescriptor = {
    enumerable: true,
    get(this: Cancellation) {
      this.#controller ??= new AbortController();
      if (this.#isCancelled) this.#controller.abort(this.#reason);
      return this.#controller.signal;
    },
  };

  constructor() {
    Object.defineProperty(this, 'signal', Cancellation.#SIGNAL);
  }

  /** Aborts the signal, with an AbortError where there is no other reason. */
  cancel(reason?: Error): void {
    this.#isCancelled = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
