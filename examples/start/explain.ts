import { TimeoutError } from 'rxjs';
import { MessagingError } from 'rxjs-aws-messaging';

/** One sentence for a failure that can be expected of a network and a cloud. Anything else is a defect, and is thrown again. */
export function explain(error: unknown): string {
  if (error instanceof MessagingError) return error.message;
  if (error instanceof TimeoutError) return 'no answer in 20 seconds';
  // Errors of the SDK, which this example calls for the queues' attributes.
  if (error instanceof Error && ('$metadata' in error || 'code' in error)) return `${error.name}: ${error.message}`;
  throw error;
}
