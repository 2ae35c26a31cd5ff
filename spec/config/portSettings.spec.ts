import { expect } from 'chai';
import type { AWSMessagingConfig } from '../../src/config.js';
import { portSettings } from '../../src/config/portSettings.js';

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'SECRET' };

describe('portSettings', () => {
  it('fills in the defaults', () => {
    expect(portSettings({ region: 'eu-west-1', credentials, environment: 'dev' })).to.deep.equal({
      region: 'eu-west-1',
      environment: 'dev',
      service: undefined,
      accountId: undefined,
      topicMap: {},
      queueMap: {},
      retryAttempts: 3,
      timeoutMs: 30_000,
      rateLimit: undefined,
      maxSockets: undefined,
    });
  });

  it('keeps what is given, without the secrets and without what only the connection needs', () => {
    const settings = {
      region: 'us-gov-west-1',
      environment: 'prod_2',
      service: 'billing',
      accountId: '123456789012',
      topicMap: { users: 'legacy-users' },
      queueMap: { users: 'legacy-users-queue' },
      retryAttempts: 0,
      timeoutMs: 1_000,
      rateLimit: 0.5,
      maxSockets: 50,
    };
    const full: Required<AWSMessagingConfig> = {
      ...settings,
      credentials,
      endpoint: 'https://vpce.example.org:4566',
      allowInsecureEndpoint: false,
    };
    expect(portSettings(full)).to.deep.equal(settings);
  });
});
