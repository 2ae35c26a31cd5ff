import { EMPTY, merge, Observable, type OperatorFunction, Subject, switchMap, timer } from 'rxjs';

/** Options of {@link batchBy}. */
export interface BatchByOptions<T> {
  /** Values of a full batch. */
  readonly maxSize: number;
  /** Milliseconds the first value of a batch waits for others. */
  readonly lingerMs: number;
  /** A value that can't wait: its batch is sent with it. */
  readonly isUrgent: (value: T) => boolean;
  /** Sends what has gathered. */
  readonly flush$: Observable<unknown>;
}

/**
 * Gathers values into batches: sent when full, when the first has waited long enough, when a value is urgent, on `flush$`
 * and at completion. No timer runs while nothing waits. An error is passed on at once, without the batch.
 *
 * ```text
 * source   -a-b---------c-d-(ef|)
 * batchBy({ maxSize: 3, lingerMs: 5 })
 * result   ------[ab]-----[cde]([f]|)
 * ```
 */
export function batchBy<T>(options: BatchByOptions<T>): OperatorFunction<T, readonly T[]> {
  const { maxSize, lingerMs, isUrgent, flush$ } = options;
  return (source) =>
    // `buffer` takes one notifier; here count, time, urgency and flush share one buffer.
    new Observable((subscriber) => {
      let batch: T[] = [];
      /** How many values wait; the first of a batch starts its time, and a batch that is sent ends it. */
      const waiting = new Subject<number>();
      const timeUp$ = waiting.pipe(switchMap((count) => (count === 0 ? EMPTY : timer(lingerMs))));
      const send = (): void => {
        if (batch.length === 0) return;
        const gathered = batch;
        batch = [];
        waiting.next(0);
        subscriber.next(gathered);
      };
      subscriber.add(merge(timeUp$, flush$).subscribe(send));
      subscriber.add(
        source.subscribe({
          next: (value) => {
            batch.push(value);
            if (batch.length >= maxSize || isUrgent(value)) send();
            else if (batch.length === 1) waiting.next(1);
          },
          error: (error: unknown) => {
            subscriber.error(error);
          },
          complete: () => {
            send();
            subscriber.complete();
          },
        }),
      );
    });
}
