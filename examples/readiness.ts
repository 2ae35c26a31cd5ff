import type { AnyTopic, ConsumerHealth, Health } from 'rxjs-aws-messaging';

/** Failed polls one after another that are no accident any more; about a second and a half of backoff. */
const MANY_FAILURES = 4;

/**
 * What keeps this process from being ready; nothing when it is. For a readiness probe, and for the person who asks why. A consumer
 * that has failed is in the health no more: that is why the topics are named that have to have one.
 */
export function problemsOf({ isClosing, consumers }: Health, ...topics: readonly AnyTopic[]): readonly string[] {
  const missing = topics.filter(({ name }) => !consumers.some(({ topic }) => topic === name));
  return [
    ...(isClosing ? ['closing'] : []),
    ...missing.map(({ name }) => `${name}: nobody consumes it`),
    ...consumers.flatMap(problemsOfConsumer),
  ];
}

function problemsOfConsumer(consumer: ConsumerHealth): readonly string[] {
  const { queue, state, isStuck, consecutiveFailures, inFlight, oldestInFlightMs = 0 } = consumer;
  const seconds = Math.round(oldestInFlightMs / 1_000);
  return [
    ...(state === 'connecting' ? [`${queue}: looking for the queue`] : []),
    ...(state === 'stopping' ? [`${queue}: stopping`] : []),
    ...(consecutiveFailures >= MANY_FAILURES ? [`${queue}: ${consecutiveFailures} polls failed`] : []),
    ...(isStuck ? [`${queue}: stuck with ${inFlight} messages, the oldest for ${seconds} s`] : []),
  ];
}
