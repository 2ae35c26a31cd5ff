import { filter, map, ReplaySubject } from 'rxjs';
import type { MessagingClient } from '../client/client.js';
import type { Topic } from '../topic.js';
import type { BrokerParts } from './brokerParts.js';
import type { Lane } from './laneMarks.js';
import type { LaneExpectation, MessagingTestHelpers } from './messagingTestHelpers.js';
import { publishers } from './publishers.js';
import { replayer } from './replayer.js';
import type { Timeline } from './timeline.js';
import { watchLanes } from './watchLanes.js';

/** What a script works with, on this timeline, for as long as the test has not run. */
export function scriptHelpers(
  parts: BrokerParts,
  timeline: Timeline,
  checkOpen: () => void,
): Omit<MessagingTestHelpers, 'flush'> {
  const { broker, ensure } = parts;

  const expectLane =
    (name: string, lane: Lane) =>
    <A>(topic: Topic<A>, client: MessagingClient = broker): LaneExpectation<A> => {
      checkOpen();
      ensure(topic, client);
      // What happens at frame 0, before TestScheduler subscribes there, counts too.
      const values = new ReplaySubject<unknown>(Infinity);
      watchLanes(parts, topic, client)
        .pipe(
          filter((seen) => seen.lane === lane),
          map(({ value }) => value),
        )
        .subscribe(values);
      const whose = client === broker ? '' : ` of ${client.port.settings.service ?? 'another client'}`;
      const title = `${name}(${topic.name}${whose})`;
      const { toBe } = timeline.expectStream(title, values, () => parts.leftIn(topic, client));
      return {
        toBe: (marbles, given, bodies) => {
          checkOpen();
          if (marbles.includes('^')) throw new Error(`${title}: \`^\` says nothing here; leave it out`);
          toBe(marbles, given === undefined && bodies === undefined ? undefined : { ...given, ...bodies });
        },
      };
    };

  return {
    broker,
    time: timeline.time,
    hot: (marbles, values, error) => {
      checkOpen();
      return timeline.hot(marbles, values, error);
    },
    // A handler may make one of its own while the test runs.
    cold: timeline.cold,
    expectObservable: (stream$, subscription) => {
      checkOpen();
      return timeline.expectObservable(stream$, subscription);
    },
    expectSubscriptions: (logs) => {
      checkOpen();
      return timeline.expectSubscriptions(logs);
    },
    ...publishers(parts, timeline, checkOpen),
    ...replayer(parts, timeline, checkOpen),
    expectPublished: expectLane('expectPublished', 'published'),
    expectReceived: expectLane('expectReceived', 'received'),
    expectSettled: expectLane('expectSettled', 'settled'),
    expectRetried: expectLane('expectRetried', 'retried'),
    expectDeadLettered: expectLane('expectDeadLettered', 'dead-lettered'),
  };
}
