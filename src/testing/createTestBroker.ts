import type { TestBrokerOptions } from './brokerOptions.js';
import { createBrokerParts } from './brokerParts.js';
import type { TestBroker } from './testBroker.js';

/**
 * SNS and SQS in memory, as a client that every function of the library takes. It follows AWS to the letter where emulators
 * are lenient: no order and no full batches on standard queues, stale receipt handles, 12 hours of visibility in all, locked
 * groups, five minutes of deduplication, limits of bytes, characters and attributes, the queue policy, one truth an entry.
 *
 * All time is RxJS's: virtual within `messagingTest` and `TestScheduler.run`, real elsewhere. No socket, no promise.
 *
 * @example
 * ```ts
 * import { firstValueFrom } from 'rxjs';
 * import { fromTopic } from 'rxjs-aws-messaging';
 * import { createTestBroker } from 'rxjs-aws-messaging/testing';
 *
 * const broker = createTestBroker({ topics: [UserEvents] });
 * broker.publish(UserEvents, { userId: '1' });
 * const { value } = await firstValueFrom(fromTopic(broker, UserEvents));
 * await broker.close();
 * ```
 *
 * @throws ConfigurationError that lists every option that can't be.
 */
export function createTestBroker(options: TestBrokerOptions = {}): TestBroker {
  return createBrokerParts(options).broker;
}
