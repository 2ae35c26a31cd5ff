import { filter, timeout } from 'rxjs';
import type { MessagingClient, MessagingEvent } from 'rxjs-aws-messaging';

/** Longer than the visibility timeout, after which a message that went astray comes back. */
const STALLED_AFTER_MS = 45_000;

const PROGRESS: readonly MessagingEvent['type'][] = ['published', 'publishFailed', 'handled', 'rejected'];

/** Calls `then` when nothing has got done for a while. */
export function whenStalled(client: MessagingClient, then: () => void): void {
  client.events$
    .pipe(
      filter(({ type }) => PROGRESS.includes(type)),
      timeout({ each: STALLED_AFTER_MS }),
    )
    .subscribe({ error: then });
}
