import { inspect } from 'node:util';
import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { configFromEnv } from '../../src/config/configFromEnv.js';
import type { ConfigurationError } from '../../src/errors.js';

const required = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_REGION_NAME: 'eu-west-1',
};

function faultsOf(env: Record<string, string | undefined>): readonly string[] {
  const config = configFromEnv(env);
  return E.isLeft(config) ? config.left.faults.map(({ path, message }) => `${path}: ${message}`) : [];
}

describe('configFromEnv', () => {
  it('needs three variables; the environment is dev unless it is said', () => {
    expect(configFromEnv(required)).to.deep.equal(
      E.right({
        region: 'eu-west-1',
        credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
        environment: 'dev',
      }),
    );
  });

  it('reads every variable', () => {
    const env = {
      ...required,
      AWS_SESSION_TOKEN: 'token',
      AWS_ENVIRONMENT: 'prod',
      AWS_SERVICE: 'billing',
      AWS_ENDPOINT_URL: 'http://localhost:4566',
      AWS_TOPIC_MAP: '{"users":"legacy-users"}',
      AWS_QUEUE_MAP: '{"users":"legacy-queue"}',
      AWS_RETRY_ATTEMPTS: '5',
      AWS_TIMEOUT: '1.5',
      PATH: '/bin',
    };
    expect(configFromEnv(env)).to.deep.equal(
      E.right({
        region: 'eu-west-1',
        credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example', sessionToken: 'token' },
        environment: 'prod',
        service: 'billing',
        endpoint: 'http://localhost:4566',
        topicMap: { users: 'legacy-users' },
        queueMap: { users: 'legacy-queue' },
        retryAttempts: 5,
        timeoutMs: 1_500,
      }),
    );
  });

  it('takes an empty variable for one that is not set', () => {
    const empty = {
      AWS_SESSION_TOKEN: '',
      AWS_ENVIRONMENT: '',
      AWS_TIMEOUT: '',
      AWS_TOPIC_MAP: '',
      AWS_SERVICE: undefined,
    };
    expect(configFromEnv({ ...required, ...empty })).to.deep.equal(configFromEnv(required));
  });

  it('lists every fault at once, by variable', () => {
    const env = {
      AWS_ACCESS_KEY_ID: '',
      AWS_REGION_NAME: 'Ireland',
      AWS_SESSION_TOKEN: ' ',
      AWS_ENVIRONMENT: 'dev.eu',
      AWS_SERVICE: 'a b',
      AWS_ENDPOINT_URL: 'http://example.org',
      AWS_TOPIC_MAP: '{"users":"a b"}',
      AWS_QUEUE_MAP: '{users}',
      AWS_RETRY_ATTEMPTS: 'three',
      AWS_TIMEOUT: '0.5',
    };
    expect(faultsOf(env)).to.deep.equal([
      'AWS_REGION_NAME: expected a region such as eu-west-1',
      'AWS_ACCESS_KEY_ID: missing: expected characters without spaces',
      'AWS_SECRET_ACCESS_KEY: missing: expected characters without spaces',
      'AWS_SESSION_TOKEN: expected characters without spaces',
      'AWS_ENVIRONMENT: expected letters, digits, `-` and `_` only',
      'AWS_SERVICE: expected letters, digits, `-` and `_` only',
      'AWS_ENDPOINT_URL: expected https, or http to a loopback host; allowInsecureEndpoint: true permits http elsewhere',
      'AWS_TOPIC_MAP.users: expected a topic name, or an ARN in the region of the client',
      'AWS_QUEUE_MAP: expected queue names, ARNs or URLs by logical name',
      'AWS_RETRY_ATTEMPTS: expected a whole number from 0 to 10',
      'AWS_TIMEOUT: expected seconds, 1 to 900',
    ]);
  });

  it('takes nothing but plain numbers and JSON objects', () => {
    for (const AWS_RETRY_ATTEMPTS of ['-1', '0x3', '1e1', ' 3', 'Infinity', '1.5']) {
      expect(faultsOf({ ...required, AWS_RETRY_ATTEMPTS }), AWS_RETRY_ATTEMPTS).to.have.length(1);
    }
    for (const AWS_TOPIC_MAP of ['[]', '"users"', 'null', '{']) {
      expect(faultsOf({ ...required, AWS_TOPIC_MAP })).to.deep.equal([
        'AWS_TOPIC_MAP: expected topic names or ARNs by logical name',
      ]);
    }
  });

  it('never shows a value', () => {
    const planted = 'S3CRET value';
    const variables = 'SESSION_TOKEN ENVIRONMENT SERVICE ENDPOINT_URL TOPIC_MAP QUEUE_MAP RETRY_ATTEMPTS TIMEOUT';
    const names = [...Object.keys(required), ...variables.split(' ').map((name) => `AWS_${name}`)];
    const maps = { AWS_TOPIC_MAP: `{"users":"${planted}"}`, AWS_QUEUE_MAP: `{"users":"${planted}"}` };
    const wrong = Object.fromEntries(names.map((name) => [name, planted]));
    for (const env of [wrong, { ...wrong, ...maps }]) {
      const { left: error } = configFromEnv(env) as E.Left<ConfigurationError>;
      expect(error.faults).to.have.length(names.length);
      const texts = [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 9 })];
      expect(texts.join('\n')).not.to.contain('S3CRET');
    }
  });
});
