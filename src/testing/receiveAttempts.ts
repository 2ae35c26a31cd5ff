import { asyncScheduler } from 'rxjs';
import { stateOf, type StoredMessage } from './storedMessage.js';

/** For how long SQS knows an attempt. [A: ReceiveMessage ReceiveRequestAttemptId] */
const WINDOW_MS = 5 * 60_000;

/** What the receives of a FIFO queue brought, by their attempt ids: a lost answer can be had again. */
export interface Attempts {
  /** The messages of this attempt, if they are all as it left them; undefined where it is new, or of no use any more. */
  recall(attemptId: string | undefined, present: readonly StoredMessage[]): readonly StoredMessage[] | undefined;
  remember(attemptId: string | undefined, messages: readonly StoredMessage[]): void;
}

export function createAttempts(): Attempts {
  const known = new Map<string, { readonly at: number; readonly held: ReadonlyMap<StoredMessage, string> }>();
  const markOf = ({ receiveCount, visibleAt }: StoredMessage): string => `${String(receiveCount)} ${String(visibleAt)}`;
  const forgetOld = (): void => {
    for (const [id, { at }] of known) if (asyncScheduler.now() - at >= WINDOW_MS) known.delete(id);
  };
  return {
    recall: (attemptId = '', present) => {
      forgetOld();
      const held = known.get(attemptId)?.held;
      if (held === undefined) return undefined;
      const isAsItWas = [...held].every(
        ([message, mark]) => present.includes(message) && stateOf(message) === 'inFlight' && markOf(message) === mark,
      );
      known.delete(attemptId);
      return isAsItWas ? [...held.keys()] : undefined;
    },
    remember: (attemptId, messages) => {
      if (attemptId === undefined || messages.length === 0) return;
      known.set(attemptId, {
        at: asyncScheduler.now(),
        held: new Map(messages.map((message) => [message, markOf(message)])),
      });
    },
  };
}
