import { asyncScheduler, concatMap, type Observable } from 'rxjs';
import type { MessagingPort } from '../client/client.js';
import type { AnyTopic } from '../topic.js';
import { type Congestion, createCongestion } from './congestion.js';
import { createPace, type Pace } from './pace.js';

/** When the requests of a topic may begin. */
export interface Tempo {
  /** Emits once and completes: in the same tick, unless `rateLimit` or throttling says later. */
  readonly turn$: Observable<void>;
  /** As {@link Congestion} has it. */
  readonly begin: Congestion['begin'];
}

/** What the producers of one client share: SNS counts their requests together. */
interface Tempos {
  /** `rateLimit` of the configuration. */
  readonly cap: Pace;
  readonly byTopic: Map<string, Tempo>;
}

const tempos = new WeakMap<MessagingPort, Tempos>();

/** The tempo of a topic, whichever sink publishes to it: one throttled topic slows no other. */
export function tempoOf(port: MessagingPort, topic: AnyTopic): Tempo {
  const { rateLimit = Infinity } = port.settings;
  const known = tempos.get(port) ?? { cap: createPace(() => rateLimit), byTopic: new Map<string, Tempo>() };
  tempos.set(port, known);
  const key = `${topic.kind} ${topic.name}`;
  const tempo = known.byTopic.get(key) ?? createTempo(port, topic, known.cap);
  known.byTopic.set(key, tempo);
  return tempo;
}

function createTempo(port: MessagingPort, topic: AnyTopic, cap: Pace): Tempo {
  const congestion = createCongestion((requestsPerSecond) => {
    port.emit(() => ({ type: 'slowed', at: asyncScheduler.now(), topic: topic.name, requestsPerSecond }));
  });
  const pace = createPace(congestion.perSecond);
  // The topic's turn first: a place in the client's row is only taken by who can go.
  return { turn$: pace.turn$.pipe(concatMap(() => cap.turn$)), begin: congestion.begin };
}
