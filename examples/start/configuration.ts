import type * as E from 'fp-ts/lib/Either.js';
import { type AWSMessagingConfig, type ConfigurationError, configFromEnv } from 'rxjs-aws-messaging';

/** Names of its own, so that a run never touches the queues of a real `dev`. */
const DEMO = { AWS_ENVIRONMENT: 'demo', AWS_SERVICE: 'welcome' };

/** An emulator takes anybody, in any region. */
const ANYBODY = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/**
 * The configuration for the emulator at `endpoint`, or for the real account that the environment names. It is the app that
 * reads the environment; the library never does.
 */
export function configurationFor(
  env: NodeJS.ProcessEnv,
  endpoint: string | undefined,
): E.Either<ConfigurationError, AWSMessagingConfig> {
  if (endpoint === undefined) return configFromEnv({ ...DEMO, ...env });
  const identity = env.AWS_ACCESS_KEY_ID === undefined ? ANYBODY : {};
  return configFromEnv({ ...DEMO, AWS_REGION_NAME: 'us-east-1', ...identity, ...env, AWS_ENDPOINT_URL: endpoint });
}
