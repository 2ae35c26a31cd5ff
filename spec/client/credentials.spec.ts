import { expect } from 'chai';
import { classify } from '../../src/client/classify.js';
import { sdkCredentials } from '../../src/client/credentials.js';
import type { Credentials, Identity } from '../../src/config.js';

const IDENTITY: Identity = Object.freeze({ accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' });

/** What a provider given to the SDK comes to. */
async function provided(credentials: Credentials, ...context: readonly unknown[]): Promise<unknown> {
  const given = sdkCredentials(credentials);
  if (typeof given !== 'function') throw new Error('no provider');
  // The SDK calls it with what it knows of the client.
  const provider: (...context: readonly unknown[]) => Promise<Identity> = given;
  try {
    return await provider(...context);
  } catch (error) {
    return error;
  }
}

describe('sdkCredentials', () => {
  it('copies an identity: the SDK writes into what it is given, and this one may be frozen', () => {
    const given = sdkCredentials(IDENTITY);
    expect(given).to.deep.equal(IDENTITY);
    expect(given).not.to.equal(IDENTITY);
  });

  it('copies what a provider gives', async () => {
    const identity = await provided(() => Promise.resolve(IDENTITY));
    expect(identity).to.deep.equal(IDENTITY);
    expect(identity).not.to.equal(IDENTITY);
  });

  it('copies what a spread would not see, as of the classes of older SDKs', async () => {
    class Hidden {
      readonly accessKeyId = 'AKIA';
      readonly #secret = 'secret';
      get secretAccessKey(): string {
        return this.#secret;
      }
      get expiration(): Date {
        return new Date(0);
      }
    }
    const all = { accessKeyId: 'AKIA', secretAccessKey: 'secret', expiration: new Date(0) };
    expect(sdkCredentials(new Hidden())).to.deep.equal(all);
    expect(await provided(() => Promise.resolve(new Hidden()))).to.deep.equal(all);
  });

  it('tells a provider what the SDK tells it', async () => {
    let told: readonly unknown[] = [];
    const provider = (...context: readonly unknown[]): Promise<Identity> => {
      told = context;
      return Promise.resolve(IDENTITY);
    };
    await provided(provider, { callerClientConfig: 'x' });
    expect(told).to.deep.equal([{ callerClientConfig: 'x' }]);
  });

  it('asks no provider before the SDK does', () => {
    let asked = 0;
    sdkCredentials(() => Promise.resolve(IDENTITY).finally(() => (asked += 1)));
    expect(asked).to.equal(0);
  });

  it('names a provider that fails, and leaves its text out', async () => {
    const errors = [
      await provided(() => Promise.reject(new Error('vault token hvs.secret is wrong'))),
      await provided(() => {
        throw new TypeError('secret is not a function');
      }),
      await provided(() => Promise.reject(Object.assign(new Error('secret'), { name: 'AccessDenied' }))),
      // The type says that it can't; JavaScript doesn't know.
      await provided(() => Promise.resolve({ accessKeyId: 'secret' } as Identity)),
      await provided(() => Promise.resolve({ secretAccessKey: 'secret' } as Identity)),
      await provided(() => Promise.resolve(undefined as unknown as Identity)),
    ];
    for (const error of errors) {
      expect(error).to.be.instanceOf(Error).and.include({ name: 'CredentialsProviderError' });
      expect(String(error)).not.to.include('secret');
    }
  });

  it('tells of the call it was for that it was not made, nor throttled', async () => {
    const failures = [
      Object.assign(new Error(), { name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } }),
      Object.assign(new Error(), { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } }),
      Object.assign(new Error(), { name: 'TimeoutError', code: 'ECONNRESET' }),
    ];
    for (const failure of failures) {
      const error = await provided(() => Promise.reject(failure));
      expect(classify(error, 'PublishBatch')).to.include({ retryable: true, throttled: false, outcomeUnknown: false });
    }
  });

  it('lets a failure pass that passes by itself, so that the call is made again', async () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const busy = Object.assign(new Error('busy'), { name: 'Throttling', $metadata: { httpStatusCode: 400 } });
    expect(await provided(() => Promise.reject(refused))).to.equal(refused);
    expect(await provided(() => Promise.reject(busy))).to.equal(busy);
  });
});
