import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type Check, expecting, isRecord, matching, optional, wholeNumber } from './config/checks.js';
import { queueMap, topicMap } from './config/destinations.js';
import { endpoint } from './config/endpoint.js';
import { nearest } from './config/nearest.js';
import { ConfigurationError, type ConfigurationFault } from './errors.js';

/** A static identity. */
export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** A static identity, or a function that gives one: those of `@aws-sdk/credential-providers` fit. */
export type Credentials = Identity | (() => Promise<Identity>);

/** How to reach one region of one account, and how names are made. An option that is `undefined` is not given. */
export interface AWSMessagingConfig {
  /** Such as `eu-west-1`. */
  readonly region: string;
  readonly credentials: Credentials;
  /** First part of every name, such as `dev`. */
  readonly environment: string;
  /** The consuming service, in queue names. Each service has a queue of its own for a topic. */
  readonly service?: string | undefined;
  /** 12 digits; topic ARNs are built from it. */
  readonly accountId?: string | undefined;
  /** URL of both SNS and SQS, for emulators and VPC endpoints. Plain http only to a loopback host. */
  readonly endpoint?: string | undefined;
  /**
   * Permits a plain http endpoint on another host.
   *
   * @defaultValue false
   */
  readonly allowInsecureEndpoint?: boolean | undefined;
  /** Topic names or ARNs by logical name, for topics that are not named by the rule. */
  readonly topicMap?: Readonly<Record<string, string>> | undefined;
  /** Queue names, ARNs or URLs by logical topic name. */
  readonly queueMap?: Readonly<Record<string, string>> | undefined;
  /**
   * Times a failed call is made again, 0 to 10.
   *
   * @defaultValue 3
   */
  readonly retryAttempts?: number | undefined;
  /**
   * Milliseconds a call may take, a long poll's wait not counted, and `close()` may wait; 1,000 to 900,000.
   *
   * @defaultValue 30000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Most sockets a pool: SNS, long polls and other SQS calls have one each.
   *
   * @defaultValue Infinity: the engine bounds its calls
   */
  readonly maxSockets?: number | undefined;
  /**
   * Most publish requests a second, of all producers of the client together; the others wait.
   *
   * @defaultValue none
   */
  readonly rateLimit?: number | undefined;
}

const name: Check = matching('letters, digits, `-` and `_` only', /^[A-Za-z0-9_-]+$/);
const secret: Check = matching('characters without spaces', /^[\x21-\x7E]+$/);
const aboveZero = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < Infinity;

const credentials: Check = (value, path, options) => {
  if (typeof value === 'function') return [];
  if (!isRecord(value)) {
    const missing = value === undefined ? 'missing: ' : '';
    return [{ path, message: `${missing}expected an identity, or a function that gives one` }];
  }
  return [
    ...secret(value.accessKeyId, `${path}.accessKeyId`, options),
    ...secret(value.secretAccessKey, `${path}.secretAccessKey`, options),
    ...optional(secret)(value.sessionToken, `${path}.sessionToken`, options),
  ];
};

const CHECKS: Readonly<Record<keyof AWSMessagingConfig, Check>> = {
  region: matching('a region such as eu-west-1', /^[a-z]{2,}(-[a-z]+)+-\d+$/),
  credentials,
  environment: name,
  service: optional(name),
  accountId: optional(matching('12 digits', /^\d{12}$/)),
  endpoint: optional(endpoint),
  allowInsecureEndpoint: optional(expecting('true or false', (value) => typeof value === 'boolean')),
  topicMap: optional(topicMap),
  queueMap: optional(queueMap),
  retryAttempts: optional(wholeNumber(0, 10)),
  timeoutMs: optional(wholeNumber(1_000, 900_000)),
  maxSockets: optional(wholeNumber(1, 100_000)),
  rateLimit: optional(expecting('a number above 0', aboveZero)),
};

/** Everything that is wrong with a configuration. */
function faultsOf(input: unknown): readonly ConfigurationFault[] {
  if (!isRecord(input)) return [{ path: 'config', message: 'expected an object' }];
  const unknown = Object.keys(input).filter((option) => !Object.hasOwn(CHECKS, option));
  return [
    ...Object.entries(CHECKS).flatMap(([option, check]) => check(input[option], option, input)),
    ...unknown.map((option) => ({ path: option, message: unknownOption(option) })),
  ];
}

function unknownOption(option: string): string {
  const meant = nearest(option, Object.keys(CHECKS));
  return meant === undefined ? 'there is no such option' : `there is no such option; did you mean ${meant}?`;
}

const isConfig = (input: unknown): input is AWSMessagingConfig => faultsOf(input).length === 0;

/** The configuration as an io-ts codec. */
export const AWSMessagingConfig: t.Type<AWSMessagingConfig> = new t.Type<AWSMessagingConfig>(
  'AWSMessagingConfig',
  isConfig,
  (input, context) =>
    isConfig(input)
      ? t.success(input)
      : t.failures(
          faultsOf(input).map(({ path, message }) => ({
            value: undefined,
            context: t.appendContext(context, path, t.unknown),
            message,
          })),
        ),
  t.identity,
);

/** Checks a configuration. Every fault is in the error, by option; no value is. */
export function decodeConfig(input: unknown): E.Either<ConfigurationError, AWSMessagingConfig> {
  return isConfig(input) ? E.right(input) : E.left(new ConfigurationError(faultsOf(input)));
}
