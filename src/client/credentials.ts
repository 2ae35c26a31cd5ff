import type { Credentials, Identity } from '../config.js';
import { classify, ofPreparation } from './classify.js';

/**
 * Credentials as the SDK is given them: a copy, because it writes into them. A provider that fails is named as the culprit,
 * unless its failure passes by itself: its own error may have no name, and its text may hold secrets.
 */
export function sdkCredentials(credentials: Credentials): Identity | (() => Promise<Identity>) {
  if (typeof credentials !== 'function') return copyOf(credentials);
  // The SDK tells its own providers of the client they are for; our type leaves that out.
  const provider: (...context: readonly unknown[]) => Promise<Identity> = credentials;
  return async (...context: readonly unknown[]) => {
    try {
      return complete(await provider(...context));
    } catch (error) {
      throw classify(error, 'credentials').retryable ? ofPreparation(error) : providerFailed();
    }
  };
}

function complete(identity: Identity): Identity {
  const { accessKeyId, secretAccessKey } = identity;
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') throw providerFailed();
  return copyOf(identity);
}

/** Field by field: of an object of a class the secret may be hidden from a spread, or be a getter. */
function copyOf({ accessKeyId, secretAccessKey, sessionToken, expiration }: Identity): Identity {
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expiration === undefined ? {} : { expiration }),
  };
}

function providerFailed(): Error {
  return Object.assign(new Error('the credentials provider failed'), { name: 'CredentialsProviderError' });
}
