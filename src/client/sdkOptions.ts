import type { AWSMessagingConfig } from '../config.js';
import { sdkCredentials } from './credentials.js';

/** What tells AWS, and those who read its logs, who calls: name and version. */
export const USER_AGENT: [string, string] = ['rxjs-aws-messaging', '0'];

/**
 * Options common to the SDK clients. Each one that is left out would be looked up in `AWS_*` variables or in shared files
 * (the SDK's node runtimeConfig), so each is given, also where the value is the default.
 */
export function sdkOptions({ region, credentials, maxSockets = Infinity }: AWSMessagingConfig) {
  return {
    region,
    credentials: sdkCredentials(credentials),
    // One attempt a call: retries are ours, on virtual time in the specs, per entry, and with an event each.
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    authSchemePreference: [],
    disableClockSkewCorrection: () => Promise.resolve(false),
    userAgentAppId: () => Promise.resolve(undefined),
    defaultUserAgentProvider: () => Promise.resolve([USER_AGENT]),
    // The middleware stack is resolved once a command, not once a call.
    cacheMiddleware: true,
    // Sockets are bounded by the engine: polls, settlement calls and publish requests each have a bound of their own.
    requestHandler: {
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
      // Calls are timed by the port, connecting included. The handler's own timers would cost one each call, count the
      // wait for a socket of a full pool as connecting, and outlive an aborted call.
      connectionTimeout: 0,
      requestTimeout: 0,
      socketTimeout: 0,
      // A full pool is the configured bound at work, not a mistake to warn of.
      socketAcquisitionWarningTimeout: 2 ** 31 - 1,
    },
  };
}
