import * as E from 'fp-ts/lib/Either.js';
import type { AwsCalls, PortSettings } from '../client/client.js';
import { type AWSMessagingConfig, decodeConfig } from '../config.js';
import { portSettings } from '../config/portSettings.js';
import { ConfigurationError, type ConfigurationFault } from '../errors.js';
import type { AnyTopic } from '../topic.js';
import { type BrokerOperation, callOf, OPERATION_NAMES } from './brokerOperation.js';

/** Options of a client of the broker: those of a configuration that have a meaning without a network. */
export type BrokerClientOptions = Partial<
  Pick<
    AWSMessagingConfig,
    'environment' | 'service' | 'topicMap' | 'queueMap' | 'retryAttempts' | 'timeoutMs' | 'maxSockets' | 'rateLimit'
  >
>;

/** How long calls take: all of them, or by operation, the others 0. Milliseconds. */
export type Latency = number | Readonly<Partial<Record<BrokerOperation, number>>>;

/** Options of `createTestBroker`. */
export interface TestBrokerOptions extends BrokerClientOptions {
  /**
   * Topics that are there from the beginning, each with its queue and dead-letter queue, as `provision` makes them.
   *
   * @defaultValue none
   */
  readonly topics?: readonly AnyTopic[];
  /**
   * Such as `eu-west-1`.
   *
   * @defaultValue `us-east-1`
   */
  readonly region?: string;
  /**
   * 12 digits.
   *
   * @defaultValue `123456789012`
   */
  readonly accountId?: string;
  /**
   * Whether a standard queue hands out what it has in no order, as SQS does. [D: SQS standard queues]
   *
   * @defaultValue true
   */
  readonly unordered?: boolean;
  /**
   * Whether a receive now and then brings fewer messages than there are, as SQS does. [A: ReceiveMessage MaxNumberOfMessages]
   *
   * @defaultValue true
   */
  readonly partialReceives?: boolean;
  /**
   * Chance that a message comes into a standard queue twice, 0 to 1.
   *
   * @defaultValue 0
   */
  readonly duplicates?: number;
  /**
   * Whole number that all chance of the broker follows from: the same seed, the same run.
   *
   * @defaultValue 1
   */
  readonly seed?: number;
  /**
   * How long calls take, in milliseconds: all of them, or by operation, such as `{ receive: 20, publish: 40 }`.
   *
   * @defaultValue 0: a call is answered at the moment it is made
   */
  readonly latencyMs?: Latency;
  /**
   * Random number in [0, 1) for the jitter of the library's own backoffs.
   *
   * @defaultValue () =\> 0.5, so that a retry comes at half of its longest delay
   */
  readonly random?: () => number;
}

/** Options with their defaults. */
export interface BrokerSettings {
  readonly port: PortSettings;
  readonly topics: readonly AnyTopic[];
  readonly unordered: boolean;
  readonly partialReceives: boolean;
  readonly duplicates: number;
  readonly seed: number;
  readonly latencyMs: Latency;
  readonly random: () => number;
}

/**
 * Fills in the defaults.
 *
 * @throws ConfigurationError that lists every option that can't be.
 */
export function brokerSettings(options: TestBrokerOptions): BrokerSettings {
  const { topics = [], unordered = true, partialReceives = true, duplicates = 0, seed = 1, latencyMs = 0 } = options;
  const { random = () => 0.5, region = 'us-east-1', accountId = '123456789012', ...client } = options;
  const own = new Set(['topics', 'unordered', 'partialReceives', 'duplicates', 'seed', 'latencyMs']);
  const rest = Object.fromEntries(Object.entries(client).filter(([name]) => !own.has(name)));
  const port = clientSettings({ region, accountId }, rest, [
    ...(duplicates >= 0 && duplicates <= 1 ? [] : [{ path: 'duplicates', message: 'expected a number from 0 to 1' }]),
    ...(Number.isInteger(seed) ? [] : [{ path: 'seed', message: 'expected a whole number' }]),
    ...latencyFaults(latencyMs),
  ]);
  return { port, topics, unordered, partialReceives, duplicates, seed, latencyMs, random };
}

/** The settings of a client of the broker. @throws ConfigurationError that lists every fault. */
export function clientSettings(
  place: { readonly region: string; readonly accountId: string },
  options: BrokerClientOptions,
  faults: readonly ConfigurationFault[] = [],
): PortSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  const config = decodeConfig({ environment: 'test', ...given, ...place, credentials });
  const all = [...(E.isLeft(config) ? config.left.faults : []), ...faults];
  if (E.isLeft(config) || all.length > 0) throw new ConfigurationError(all);
  return portSettings(config.right);
}

/** What is wrong with a latency. */
export function latencyFaults(latencyMs: Latency): readonly ConfigurationFault[] {
  const byOperation = typeof latencyMs === 'number' ? { receive: latencyMs } : latencyMs;
  return Object.entries(byOperation).flatMap(([operation, ms]) => [
    ...(callOf(operation as BrokerOperation) === undefined
      ? [{ path: 'latencyMs', message: `expected a number, or one for some of ${OPERATION_NAMES}` }]
      : []),
    ...(ms >= 0 && ms < Infinity ? [] : [{ path: 'latencyMs', message: 'expected milliseconds of at least 0' }]),
  ]);
}

/** Latency by call. */
export function latencyOf(latencyMs: Latency): (call: keyof AwsCalls) => number {
  if (typeof latencyMs === 'number') return () => latencyMs;
  const byCall = new Map(
    Object.entries(latencyMs).map(([operation, ms]) => [callOf(operation as BrokerOperation), ms] as const),
  );
  return (call) => byCall.get(call) ?? 0;
}
