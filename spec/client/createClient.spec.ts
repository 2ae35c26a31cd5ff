import { expect } from 'chai';
import { inspect } from 'node:util';
import { firstValueFrom } from 'rxjs';
import { createClient } from '../../src/client/createClient.js';
import type { AWSMessagingConfig } from '../../src/config.js';
import { AWSConnectionError, ConfigurationError } from '../../src/errors.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const SECRETS = ['AKIAPLANTED', 'planted/secret+key', 'planted-session-token'];
const IDENTITY = {
  accessKeyId: 'AKIAPLANTED',
  secretAccessKey: 'planted/secret+key',
  sessionToken: 'planted-session-token',
};
const CONFIG: AWSMessagingConfig = {
  region: 'eu-west-1',
  credentials: IDENTITY,
  environment: 'dev',
  service: 'billing',
  accountId: '123456789012',
};

function expectNoSecret(shown: string): void {
  for (const secret of SECRETS) expect(shown).not.to.include(secret);
}

describe('createClient', () => {
  it('makes a client with the settings of its configuration, defaults filled in', async () => {
    const client = createClient(CONFIG);
    expect(client.port.settings).to.deep.equal({
      region: 'eu-west-1',
      environment: 'dev',
      service: 'billing',
      accountId: '123456789012',
      topicMap: {},
      queueMap: {},
      retryAttempts: 3,
      timeoutMs: 30_000,
      rateLimit: undefined,
      maxSockets: undefined,
    });
    await client.close();
  });

  it('asks no credentials provider and makes no call', async () => {
    let asked = 0;
    const client = createClient({
      ...CONFIG,
      credentials: () => {
        asked += 1;
        return Promise.reject(new Error('not now'));
      },
    });
    await client.close();
    expect(asked).to.equal(0);
  });

  it('works with a configuration that nobody can write into', async () => {
    const frozen = Object.freeze({ ...CONFIG, credentials: Object.freeze({ ...IDENTITY }) });
    await createClient(frozen).close();
  });

  it('lists every fault of a configuration at once', () => {
    // Untyped callers can give anything.
    const faulty = { ...CONFIG, region: 'mars', endpoint: 'http://example.com', retries: 5 } as AWSMessagingConfig;
    expect(faultsThrownBy(() => createClient(faulty)).map((fault) => fault.split(':')[0])).to.have.members([
      'region',
      'endpoint',
      'retries',
    ]);
  });

  it('quotes no value of a configuration it refuses', () => {
    const faulty = {
      ...CONFIG,
      credentials: { ...IDENTITY, secretAccessKey: 'planted/secret+key with a space' },
      endpoint: 'https://user:planted-session-token@example.com',
    };
    let error: unknown;
    try {
      createClient(faulty);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).to.be.instanceOf(ConfigurationError);
    expectNoSecret(inspect(error, { depth: 10, showHidden: true }));
    expectNoSecret(inspect(error, { depth: 10, showHidden: true, customInspect: false }));
    expectNoSecret(JSON.stringify(error));
  });

  it('shows no credential, however it is looked at', async () => {
    const client = createClient(CONFIG);
    expectNoSecret(inspect(client, { depth: 10, showHidden: true, getters: true, customInspect: false }));
    expectNoSecret(JSON.stringify(client));
    await client.close();
  });

  it('is closed for good once closed', async () => {
    const client = createClient(CONFIG);
    const closed = client.close();
    expect(client.close()).to.equal(closed);
    await closed;
    const error: unknown = await firstValueFrom(client.port.calls.getQueueUrl({ queueName: 'q' })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(AWSConnectionError).and.include({ code: 'ClientClosed', operation: 'GetQueueUrl' });
  });
});
