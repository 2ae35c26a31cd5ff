import * as E from 'fp-ts/lib/Either.js';
import { type AWSMessagingConfig, decodeConfig } from '../config.js';
import { portSettings } from '../config/portSettings.js';
import { awsConnection } from './aws.js';
import type { MessagingClient } from './client.js';
import { connect } from './connect.js';

/**
 * Makes a client for one region and account. No call is made, and nothing is read from the surroundings: neither
 * environment variables nor shared files, by us or by the SDK.
 *
 * @example
 * ```ts
 * import { createClient } from 'rxjs-aws-messaging';
 *
 * const client = createClient({
 *   region: 'eu-west-1',
 *   credentials: { accessKeyId: 'AKIA...', secretAccessKey: '...' },
 *   environment: 'dev',
 *   service: 'billing',
 * });
 * await client.close();
 * ```
 *
 * @throws ConfigurationError that lists every fault of the configuration at once.
 */
export function createClient(config: AWSMessagingConfig): MessagingClient {
  const decoded = decodeConfig(config);
  if (E.isLeft(decoded)) throw decoded.left;
  return connect({ settings: portSettings(decoded.right), ...awsConnection(decoded.right) });
}
