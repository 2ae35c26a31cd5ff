import { expect } from 'chai';
import { sdkOptions } from '../../src/client/sdkOptions.js';
import type { AWSMessagingConfig } from '../../src/config.js';

const CONFIG: AWSMessagingConfig = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
  environment: 'dev',
};

describe('sdkOptions', () => {
  it('gives each option that the SDK would look up in its surroundings', async () => {
    const options = sdkOptions(CONFIG);
    // The options of the SDK's node runtimeConfig that fall back to loadConfig or to a default provider.
    expect(options).to.include({
      region: 'eu-west-1',
      maxAttempts: 1,
      retryMode: 'standard',
      defaultsMode: 'standard',
      useDualstackEndpoint: false,
      useFipsEndpoint: false,
    });
    expect(options.credentials).to.deep.equal(CONFIG.credentials);
    expect(options.authSchemePreference).to.deep.equal([]);
    expect(await (options.userAgentAppId() as Promise<unknown>)).to.equal(undefined);
    expect(await options.disableClockSkewCorrection()).to.equal(false);
    expect(await options.defaultUserAgentProvider()).to.deep.equal([['rxjs-aws-messaging', '0']]);
  });

  it('keeps sockets alive, as many as the work needs', () => {
    const { httpAgent, httpsAgent } = sdkOptions(CONFIG).requestHandler;
    expect(httpAgent).to.deep.equal({ keepAlive: true, maxSockets: Infinity });
    expect(httpsAgent).to.deep.equal(httpAgent);
  });

  it('keeps to maxSockets', () => {
    const { httpAgent, httpsAgent } = sdkOptions({ ...CONFIG, maxSockets: 7 }).requestHandler;
    expect(httpAgent).to.deep.equal({ keepAlive: true, maxSockets: 7 });
    expect(httpsAgent).to.deep.equal(httpAgent);
  });

  it('leaves the timing of calls to the port', () => {
    expect(sdkOptions({ ...CONFIG, timeoutMs: 1_000 }).requestHandler).to.include({
      connectionTimeout: 0,
      requestTimeout: 0,
      socketTimeout: 0,
    });
  });

  it('asks for one attempt a call, and for a middleware stack that is resolved once', () => {
    expect(sdkOptions({ ...CONFIG, retryAttempts: 5 })).to.include({ maxAttempts: 1, cacheMiddleware: true });
  });
});
