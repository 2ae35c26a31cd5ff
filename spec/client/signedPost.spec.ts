import { expect } from 'chai';
import sinon from 'sinon';
import { signedPost } from '../../src/client/signedPost.js';
import type { HttpAnswer } from '../../src/client/webPage.js';
import { rejectionOf } from '../helpers/thrown.js';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const OK: HttpAnswer = { statusCode: 200, headers: {} };
const HEADERS = { 'content-type': 'text/plain' };
const { signal } = new AbortController();

/** The configuration of an SDK client, which notes what it is asked for. */
function fakeConfig(response: HttpAnswer = OK) {
  const noted: unknown[] = [];
  const config = {
    systemClockOffset: 0,
    signer: (scheme: object) => {
      noted.push({ scheme });
      return Promise.resolve({
        sign: (request: object, options: object) => {
          noted.push({ request, options });
          return Promise.resolve({ signed: true });
        },
      });
    },
    requestHandler: {
      handle: (request: object, options: object) => {
        noted.push({ handled: request, options });
        return Promise.resolve({ response });
      },
    },
  };
  return { noted, config };
}

describe('signedPost', () => {
  beforeEach(() => sinon.useFakeTimers({ now: NOW, toFake: ['Date'] }));
  afterEach(() => {
    sinon.restore();
  });

  it('signs for the service and region, and hands over with the signal', async () => {
    const { noted, config } = fakeConfig();
    const post = signedPost(config, { service: 'sqs', region: 'eu-west-1', endpoint: 'https://sqs.example.com' });
    expect(await post('a€', HEADERS, signal)).to.equal(OK);
    expect(noted).to.deep.equal([
      { scheme: { name: 'sigv4', signingName: 'sqs', signingRegion: 'eu-west-1', properties: {} } },
      {
        request: {
          protocol: 'https:',
          hostname: 'sqs.example.com',
          method: 'POST',
          path: '/',
          query: {},
          headers: { 'content-type': 'text/plain', host: 'sqs.example.com', 'content-length': '4' },
          body: 'a€',
        },
        options: { signingDate: new Date(NOW) },
      },
      { handled: { signed: true }, options: { abortSignal: signal } },
    ]);
  });

  it('makes its signer once', async () => {
    const { noted, config } = fakeConfig();
    const post = signedPost(config, { service: 'sqs', region: 'eu-west-1', endpoint: 'http://localhost:4566/base' });
    await post('1', HEADERS, signal);
    await Promise.all([post('2', HEADERS, signal), post('3', HEADERS, signal)]);
    expect(noted.filter((note) => Object.hasOwn(note as object, 'scheme'))).to.have.length(1);
    const [, { request }] = noted as [unknown, { readonly request: object }];
    expect(request).to.include({ protocol: 'http:', hostname: 'localhost', port: 4566, path: '/base/' });
    expect(request).to.have.nested.property('headers.host', 'localhost:4566');
  });

  it('asks for a signer again when there was none', async () => {
    const { config } = fakeConfig();
    const failure = new Error('no');
    const signers = [Promise.reject(failure), config.signer({})];
    const flaky = { ...config, signer: () => signers.shift() ?? expect.fail('no signer left') };
    const post = signedPost(flaky, { service: 'sqs', region: 'eu-west-1', endpoint: 'https://sqs.example.com' });
    expect(await rejectionOf(post('1', HEADERS, signal))).to.equal(failure);
    expect(await post('2', HEADERS, signal)).to.equal(OK);
  });

  it('signs by the clock of AWS, as far as the SDK has found out by then', async () => {
    const { noted, config } = fakeConfig();
    const post = signedPost(config, { service: 'sns', region: 'eu-west-1', endpoint: 'https://sns.example.com' });
    config.systemClockOffset = 7_200_000;
    await post('1', HEADERS, signal);
    expect(noted[1]).to.deep.include({ options: { signingDate: new Date(NOW + 7_200_000) } });
  });

  it('refuses a web page', async () => {
    const page = { statusCode: 200, headers: { 'content-type': 'text/html' }, body: [Buffer.from('<html>')] };
    const { config } = fakeConfig(page);
    const post = signedPost(config, { service: 'sns', region: 'eu-west-1', endpoint: 'https://sns.example.com' });
    expect(await rejectionOf(post('1', HEADERS, signal))).to.include({ name: 'BadResponse' });
  });
});
