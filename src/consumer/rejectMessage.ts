import { merge, takeUntil } from 'rxjs';
import { AWSConnectionError } from '../errors.js';
import { errorInfo } from '../events.js';
import { copyToDeadLetters } from './deadLetter.js';
import { type Lease, lostSignal } from './lease.js';
import { type QueueContext, tell } from './queueContext.js';
import type { SaidEnds } from './said.js';

/** What becomes of a message that is rejected. */
export interface RejectedEnds {
  /** The copy is confirmed: now it may be deleted. */
  readonly deleteIt: () => void;
  /** There is no copy: it is left in the queue, and comes back with backoff. `said` hears what became of that. */
  readonly comeBack: (said: SaidEnds) => void;
  /** The lease was lost, or the client closed: nothing more is done. */
  readonly giveUp: (then: () => void) => void;
}

/**
 * Rejects a message: the copy comes first, the lease held until it is confirmed; only then is the message deleted. When the
 * lease is lost meanwhile, it is neither deleted nor given back: it is no longer ours.
 *
 * ```text
 * lease    r-----^-----^--|
 * copy         s---------(confirmed)
 * delete                  d
 * ```
 */
export function rejectMessage(
  context: QueueContext,
  lease: Lease,
  error: unknown,
  said: SaidEnds,
  ends: RejectedEnds,
): void {
  let copied = false;
  copyToDeadLetters(context, lease.raw, error)
    .pipe(takeUntil(merge(lostSignal(lease), context.port.closed$)))
    .subscribe({
      next: (deadLetterQueue) => {
        copied = true;
        if (deadLetterQueue === undefined) {
          ends.comeBack(said);
          return;
        }
        const { messageId: id, receiveCount } = lease.raw;
        tell(context, () => ({ type: 'rejected', id, receiveCount, deadLetterQueue, error: errorInfo(error) }));
        ends.deleteIt();
      },
      error: (fault: unknown) => {
        // Whatever becomes of the message now, it was not rejected.
        const notRejected = (): void => {
          said.fail(fault);
        };
        ends.comeBack({ confirm: notRejected, fail: notRejected });
      },
      complete: () => {
        if (!copied) {
          ends.giveUp(() => {
            said.fail(leaseLost(context, lease));
          });
        }
      },
    });
}

/** What a settlement of a message fails with that is no longer ours. */
export function leaseLost({ topic, queueUrl }: QueueContext, { raw }: Lease): AWSConnectionError {
  return new AWSConnectionError({
    operation: 'settle',
    code: 'LeaseLost',
    retryable: false,
    detail: 'the lease had ended, SQS hands the message out again',
    topic,
    queue: queueUrl,
    messageId: raw.messageId,
  });
}
