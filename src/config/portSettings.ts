import type { PortSettings } from '../client/client.js';
import type { AWSMessagingConfig } from '../config.js';

/** The configuration without its secrets, defaults filled in. */
export function portSettings(config: AWSMessagingConfig): PortSettings {
  const { region, environment, service, accountId, topicMap = {}, queueMap = {} } = config;
  const { retryAttempts = 3, timeoutMs = 30_000, rateLimit, maxSockets } = config;
  return {
    region,
    environment,
    service,
    accountId,
    topicMap,
    queueMap,
    retryAttempts,
    timeoutMs,
    rateLimit,
    maxSockets,
  };
}
