import { asyncScheduler, concatMap, type Observable } from 'rxjs';
import type { MessagingPort } from '../client/client.js';
import type { AnyTopic } from '../topic.js';
import { type Congestion, createCongestion } from './congestion.js';
import { createLanes, type Lanes } from './lanes.js';
import { createPace, type Pace } from './pace.js';

/** What all sinks of a topic share. */
export interface Channel {
  /** Undefined: a request may begin at once. Else emits once and completes, when it may: `rateLimit` or throttling says so. */
  turn(): Observable<void> | undefined;
  /** As {@link Congestion} has it. */
  readonly begin: Congestion['begin'];
  readonly lanes: Lanes;
}

/** What the producers of one client share: SNS counts their requests together. */
interface Channels {
  /** `rateLimit` of the configuration. */
  readonly cap: Pace;
  readonly byTopic: Map<string, Channel>;
}

const allChannels = new WeakMap<MessagingPort, Channels>();

/** The channel of a topic, whichever sink publishes to it: a throttled topic slows no other, and a group has one order. */
export function channelOf(port: MessagingPort, topic: AnyTopic): Channel {
  const { rateLimit = Infinity } = port.settings;
  const known = allChannels.get(port) ?? { cap: createPace(() => rateLimit), byTopic: new Map<string, Channel>() };
  allChannels.set(port, known);
  const key = `${topic.kind} ${topic.name}`;
  const channel = known.byTopic.get(key) ?? createChannel(port, topic, known.cap);
  known.byTopic.set(key, channel);
  return channel;
}

function createChannel(port: MessagingPort, topic: AnyTopic, cap: Pace): Channel {
  const congestion = createCongestion((requestsPerSecond) => {
    port.emit(() => ({ type: 'slowed', at: asyncScheduler.now(), topic: topic.name, requestsPerSecond }));
  });
  const pace = createPace(congestion.perSecond);
  // The topic's turn first: a place in the client's row is only taken by who can go.
  const later$ = pace.turn$.pipe(concatMap(() => cap.turn$));
  return {
    // Mostly nobody waits: then it is asked for nothing that would have to be subscribed to.
    turn: () => {
      if (!pace.take()) return later$;
      return cap.take() ? undefined : cap.turn$;
    },
    begin: congestion.begin,
    lanes: createLanes(),
  };
}
