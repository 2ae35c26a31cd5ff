import { asyncScheduler } from 'rxjs';
import { DEDUPLICATION_WINDOW_MS } from '../client/limits.js';
import { refuse } from './refusal.js';
import { stateOf, type StoredMessage } from './storedMessage.js';

/** What the receives of a FIFO queue brought, by their attempt ids: a lost answer can be had again. */
export interface Attempts {
  /**
   * The messages of this attempt, if they are all as it left them; undefined where it is new, or five minutes old. `hide` hides
   * them anew. @throws Refusal where somebody has touched one of them since: the attempt can't be made again.
   */
  recall(
    attemptId: string | undefined,
    present: (message: StoredMessage) => boolean,
    hide: (message: StoredMessage) => void,
  ): readonly StoredMessage[] | undefined;
  remember(attemptId: string | undefined, messages: readonly StoredMessage[]): void;
}

interface Attempt {
  readonly at: number;
  /** The messages, each with what tells whether anybody has touched it since. */
  readonly held: Map<StoredMessage, string>;
}

/** [A: ReceiveMessage ReceiveRequestAttemptId] */
export function createAttempts(): Attempts {
  const known = new Map<string, Attempt>();
  const markOf = ({ receiveCount, visibleAt }: StoredMessage): string => `${String(receiveCount)} ${String(visibleAt)}`;
  const forgetOld = (): void => {
    for (const [id, { at }] of known) if (asyncScheduler.now() - at >= DEDUPLICATION_WINDOW_MS) known.delete(id);
  };
  return {
    recall: (attemptId = '', present, hide) => {
      forgetOld();
      const held = known.get(attemptId)?.held;
      if (held === undefined) return undefined;
      const messages = [...held.keys()];
      const isAsItWas = messages.every(
        (message) => present(message) && stateOf(message) === 'inFlight' && markOf(message) === held.get(message),
      );
      if (!isAsItWas) refuse('InvalidParameterValue');
      for (const message of messages) {
        hide(message);
        held.set(message, markOf(message));
      }
      return messages;
    },
    remember: (attemptId, messages) => {
      if (attemptId === undefined || messages.length === 0) return;
      const held = new Map(messages.map((message) => [message, markOf(message)]));
      known.set(attemptId, { at: asyncScheduler.now(), held });
    },
  };
}
