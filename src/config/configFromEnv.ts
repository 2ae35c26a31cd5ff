import * as E from 'fp-ts/lib/Either.js';
import { type AWSMessagingConfig, decodeConfig } from '../config.js';
import { ConfigurationError, type ConfigurationFault } from '../errors.js';

/** The variables, and the options they set. */
const VARIABLES: Readonly<Record<string, string>> = {
  'credentials.accessKeyId': 'AWS_ACCESS_KEY_ID',
  'credentials.secretAccessKey': 'AWS_SECRET_ACCESS_KEY',
  'credentials.sessionToken': 'AWS_SESSION_TOKEN',
  region: 'AWS_REGION_NAME',
  topicMap: 'AWS_TOPIC_MAP',
  queueMap: 'AWS_QUEUE_MAP',
  retryAttempts: 'AWS_RETRY_ATTEMPTS',
  timeoutMs: 'AWS_TIMEOUT',
  environment: 'AWS_ENVIRONMENT',
  service: 'AWS_SERVICE',
  endpoint: 'AWS_ENDPOINT_URL',
};

/** What a variable is to hold, where the option says it in other words. */
const EXPECTED: Readonly<Record<string, string>> = {
  AWS_TIMEOUT: 'expected seconds, 1 to 900',
};

/**
 * Reads a configuration out of environment variables, for the app to call: `configFromEnv(process.env)`. The library itself
 * reads none. An empty variable counts as not set.
 *
 * Required: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION_NAME`. Optional: `AWS_SESSION_TOKEN`,
 * `AWS_ENVIRONMENT` (`dev`), `AWS_SERVICE`, `AWS_ENDPOINT_URL`, `AWS_TOPIC_MAP` and `AWS_QUEUE_MAP` (JSON objects),
 * `AWS_RETRY_ATTEMPTS` (3), `AWS_TIMEOUT` (30, in seconds).
 *
 * @example
 * ```ts
 * import * as E from 'fp-ts/lib/Either.js';
 * import { configFromEnv } from 'rxjs-aws-messaging';
 *
 * const config = configFromEnv(process.env);
 * if (E.isLeft(config)) throw config.left;
 * ```
 *
 * @returns the configuration, or a ConfigurationError that lists every fault by variable, without values.
 */
export function configFromEnv(
  env: Readonly<Record<string, string | undefined>>,
): E.Either<ConfigurationError, AWSMessagingConfig> {
  const decoded = decodeConfig(
    withoutUnset(optionsOf((variable) => (env[variable] === '' ? undefined : env[variable]))),
  );
  return E.mapLeft(({ faults }: ConfigurationError) => new ConfigurationError(faults.map(byVariable)))(decoded);
}

/** Texts become what the options want; what can't stays a text, for the check to refuse. */
function optionsOf(read: (variable: string) => string | undefined): Readonly<Record<string, unknown>> {
  const seconds = numberOf(read('AWS_TIMEOUT'));
  return {
    region: read('AWS_REGION_NAME'),
    credentials: withoutUnset({
      accessKeyId: read('AWS_ACCESS_KEY_ID'),
      secretAccessKey: read('AWS_SECRET_ACCESS_KEY'),
      sessionToken: read('AWS_SESSION_TOKEN'),
    }),
    environment: read('AWS_ENVIRONMENT') ?? 'dev',
    service: read('AWS_SERVICE'),
    endpoint: read('AWS_ENDPOINT_URL'),
    topicMap: jsonOf(read('AWS_TOPIC_MAP')),
    queueMap: jsonOf(read('AWS_QUEUE_MAP')),
    retryAttempts: numberOf(read('AWS_RETRY_ATTEMPTS')),
    timeoutMs: typeof seconds === 'number' ? Math.round(seconds * 1_000) : seconds,
  };
}

/** `topicMap.users` becomes `AWS_TOPIC_MAP.users`. */
function byVariable({ path, message }: ConfigurationFault): ConfigurationFault {
  const renamed = Object.entries(VARIABLES).reduce((name, [option, variable]) => {
    return `${name}.`.startsWith(`${option}.`) ? `${variable}${name.slice(option.length)}` : name;
  }, path);
  return { path: renamed, message: EXPECTED[renamed] ?? message };
}

function numberOf(text: string | undefined): unknown {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function withoutUnset(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
