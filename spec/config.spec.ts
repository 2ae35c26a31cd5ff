import { inspect } from 'node:util';
import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { AWSMessagingConfig, decodeConfig } from '../src/config.js';
import type { ConfigurationError } from '../src/errors.js';

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example/+=' };
const minimal: AWSMessagingConfig = { region: 'eu-west-1', credentials, environment: 'dev' };
const full: Required<AWSMessagingConfig> = {
  region: 'us-gov-west-1',
  credentials: () => Promise.resolve(credentials),
  environment: 'prod_2',
  service: 'billing',
  accountId: '123456789012',
  endpoint: 'https://vpce.example.org:4566',
  allowInsecureEndpoint: false,
  topicMap: { users: 'legacy-users', orders: 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:orders.fifo' },
  queueMap: {
    users: 'legacy-users-queue',
    orders: 'arn:aws-us-gov:sqs:us-gov-west-1:123456789012:orders.fifo',
    account: 'https://sqs.us-gov-west-1.amazonaws.com/123456789012/account',
  },
  retryAttempts: 0,
  timeoutMs: 1_000,
  maxSockets: 50,
  rateLimit: 0.5,
};

/** `path: message` of every fault. */
function faultsOf(input: unknown): readonly string[] {
  const decoded = decodeConfig(input);
  return E.isLeft(decoded) ? decoded.left.faults.map(({ path, message }) => `${path}: ${message}`) : [];
}

const faultsWith = (options: object): readonly string[] => faultsOf({ ...minimal, ...options });

describe('decodeConfig', () => {
  it('takes the least, and everything', () => {
    expect(decodeConfig(minimal)).to.deep.equal(E.right(minimal));
    expect(decodeConfig(full)).to.deep.equal(E.right(full));
  });

  it('takes options that are undefined for not given', () => {
    const unset = Object.fromEntries(Object.keys(full).map((option) => [option, undefined]));
    expect(faultsOf({ ...unset, ...minimal })).to.deep.equal([]);
  });

  it('takes temporary credentials', () => {
    const temporary = { ...credentials, sessionToken: 'token', expiration: new Date(0) };
    expect(faultsWith({ credentials: temporary })).to.deep.equal([]);
  });

  it('refuses what is no object', () => {
    for (const input of [undefined, null, 'eu-west-1', 3, [minimal]]) {
      expect(faultsOf(input)).to.deep.equal(['config: expected an object']);
    }
  });

  it('lists every fault at once, by option', () => {
    const wrong = {
      region: 'Ireland',
      credentials: { accessKeyId: '', secretAccessKey: 'with space', sessionToken: 5 },
      environment: 'dev.eu',
      service: '',
      accountId: '1234',
      endpoint: 'localhost:4566',
      allowInsecureEndpoint: 'yes',
      topicMap: { users: 'a b', orders: 7 },
      queueMap: ['users'],
      retryAttempts: 11,
      timeoutMs: 999,
      maxSockets: 0,
      rateLimit: 0,
      retryAttemps: 3,
    };
    expect(faultsOf(wrong)).to.deep.equal([
      'region: expected a region such as eu-west-1',
      'credentials.accessKeyId: expected characters without spaces',
      'credentials.secretAccessKey: expected characters without spaces',
      'credentials.sessionToken: expected characters without spaces',
      'environment: expected letters, digits, `-` and `_` only',
      'service: expected letters, digits, `-` and `_` only',
      'accountId: expected 12 digits',
      'endpoint: expected a URL such as https://sqs.eu-west-1.amazonaws.com',
      'allowInsecureEndpoint: expected true or false',
      'topicMap.users: expected a topic name, or an ARN in the region of the client',
      'topicMap.orders: expected a topic name, or an ARN in the region of the client',
      'queueMap: expected queue names, ARNs or URLs by logical name',
      'retryAttempts: expected a whole number from 0 to 10',
      'timeoutMs: expected a whole number from 1000 to 900000',
      'maxSockets: expected a whole number from 1 to 100000',
      'rateLimit: expected a number above 0',
      'retryAttemps: there is no such option; did you mean retryAttempts?',
    ]);
  });

  it('lists what is missing', () => {
    expect(faultsOf({})).to.deep.equal([
      'region: missing: expected a region such as eu-west-1',
      'credentials: missing: expected an identity, or a function that gives one',
      'environment: missing: expected letters, digits, `-` and `_` only',
    ]);
    expect(faultsWith({ credentials: {} })).to.deep.equal([
      'credentials.accessKeyId: missing: expected characters without spaces',
      'credentials.secretAccessKey: missing: expected characters without spaces',
    ]);
  });

  it('knows the regions of every partition', () => {
    const regions = ['us-east-1', 'ap-southeast-5', 'cn-north-1', 'us-gov-east-1', 'us-isob-east-1', 'eusc-de-east-1'];
    expect(regions.flatMap((region) => faultsWith({ region }))).to.deep.equal([]);
    const wrong = ['', 'eu-west', 'EU-WEST-1', 'eu-west-1a', 'eu_west_1', ' eu-west-1'];
    expect(wrong.map((region) => faultsWith({ region }).length)).to.deep.equal(wrong.map(() => 1));
  });

  it('takes numbers within their ranges only', () => {
    const fine = [{ retryAttempts: 10 }, { timeoutMs: 900_000 }, { maxSockets: 1 }, { rateLimit: 3_000 }];
    expect(fine.flatMap(faultsWith)).to.deep.equal([]);
    const wrong = [
      ...[-1, 1.5, NaN, '3', null].map((retryAttempts) => ({ retryAttempts })),
      ...[900_001, 1_000.5, Infinity].map((timeoutMs) => ({ timeoutMs })),
      ...[0, 100_001].map((maxSockets) => ({ maxSockets })),
      ...[-1, NaN, Infinity, '5'].map((rateLimit) => ({ rateLimit })),
    ];
    expect(wrong.map((options) => faultsWith(options).length)).to.deep.equal(wrong.map(() => 1));
  });

  describe('endpoint', () => {
    const insecure =
      'endpoint: expected https, or http to a loopback host; allowInsecureEndpoint: true permits http elsewhere';

    it('is https, or http to this very machine', () => {
      const hosts = [
        'localhost',
        'localhost.',
        'LOCALHOST',
        'aws.localhost',
        '127.0.0.1',
        '127.8.9.10',
        '127.1',
        '[::1]',
        '[0:0::1]',
      ];
      const endpoints = ['https://example.org', ...hosts.map((host) => `http://${host}:4566`)];
      expect(endpoints.flatMap((endpoint) => faultsWith({ endpoint }))).to.deep.equal([]);
    });

    it('is not http to any other host', () => {
      const hosts = ['example.org', 'localhost.example.org', 'notlocalhost', '127.0.0.1.nip.io', '10.0.0.1', '0.0.0.0'];
      for (const host of [...hosts, '[::2]', '[::ffff:127.0.0.1]', '128.0.0.1']) {
        expect(faultsWith({ endpoint: `http://${host}` }), host).to.deep.equal([insecure]);
      }
    });

    it('is http to another host where that is asked for', () => {
      const endpoint = 'http://elasticmq:9324';
      expect(faultsWith({ endpoint, allowInsecureEndpoint: true })).to.deep.equal([]);
      expect(faultsWith({ endpoint, allowInsecureEndpoint: false })).to.deep.equal([insecure]);
      expect(faultsWith({ endpoint, allowInsecureEndpoint: 1 })).to.deep.equal([
        insecure,
        'allowInsecureEndpoint: expected true or false',
      ]);
    });

    it('holds no user name and no password', () => {
      for (const endpoint of ['https://user@example.org', 'https://:password@example.org', 'http://a:b@localhost']) {
        expect(faultsWith({ endpoint })).to.deep.equal(['endpoint: expected a URL without user name and password']);
      }
    });

    it('is a URL of the web', () => {
      for (const endpoint of ['', 'example.org', 'ftp://example.org', 'file:///etc/passwd', 5]) {
        expect(faultsWith({ endpoint })).to.deep.equal([
          'endpoint: expected a URL such as https://sqs.eu-west-1.amazonaws.com',
        ]);
      }
    });
  });

  describe('topicMap and queueMap', () => {
    const topicFault = 'topicMap.users: expected a topic name, or an ARN in the region of the client';
    const queueFault = 'queueMap.users: expected a queue name, or a queue URL or an ARN in the region of the client';
    const arn = 'arn:aws:sns:eu-west-1:123456789012:users';

    it('take names as long as AWS does', () => {
      const maps = {
        topicMap: { a: 'x'.repeat(256), b: `${'x'.repeat(251)}.fifo` },
        queueMap: { a: 'x'.repeat(80), b: `${'x'.repeat(75)}.fifo` },
      };
      expect(faultsWith(maps)).to.deep.equal([]);
      expect(faultsWith({ topicMap: { users: 'x'.repeat(257) } })).to.deep.equal([topicFault]);
      expect(faultsWith({ queueMap: { users: 'x'.repeat(81) } })).to.deep.equal([queueFault]);
    });

    it('take ARNs of their service, in the region of the client', () => {
      const wrong = [
        arn.replace('sns', 'sqs'),
        arn.replace('eu-west-1', 'eu-west-2'),
        arn.replace('123456789012', '1234'),
        `${arn}:1234`,
        `${arn}/x`,
        'arn:aws:sns:eu-west-1:123456789012:',
        'sns:users',
        'https://sns.eu-west-1.amazonaws.com/123456789012/users',
      ];
      expect(faultsWith({ topicMap: { users: arn } })).to.deep.equal([]);
      for (const users of wrong) expect(faultsWith({ topicMap: { users } }), users).to.deep.equal([topicFault]);
    });

    it('do not add to the fault of a missing region', () => {
      expect(faultsOf({ ...minimal, region: undefined, topicMap: { users: arn } })).to.deep.equal([
        'region: missing: expected a region such as eu-west-1',
      ]);
    });

    it('take queue URLs of AWS and of emulators', () => {
      const urls = [
        'https://sqs.eu-west-1.amazonaws.com/123456789012/users',
        'http://sqs.eu-west-1.localhost.localstack.cloud:4566/000000000000/users.fifo',
        'http://localhost:9324/queue/users',
        'https://eu-west-1.queue.amazonaws.com/123456789012/users',
        'https://vpce-1.sqs.us-east-1.vpce.amazonaws.com/123456789012/users',
      ];
      expect(urls.flatMap((users) => faultsWith({ queueMap: { users } }))).to.deep.equal([]);
      const wrong = [
        'https://a:b@example.org/1/users',
        'https://example.org/1/us.ers',
        'https://example.org/',
        'ftp://x/q',
        'https://sqs.us-east-1.amazonaws.com/123456789012/users',
        'https://us-east-1.queue.amazonaws.com/123456789012/users',
        'https://sqs.eu-west-1.amazonaws.com/123456789012/users?a=b',
        'https://sqs.eu-west-1.amazonaws.com/123456789012/users#a',
      ];
      for (const users of [...wrong, 8, arn]) expect(faultsWith({ queueMap: { users } })).to.deep.equal([queueFault]);
    });
  });

  it('is refused where a map is a Map or a Set, which would be read as empty', () => {
    for (const queueMap of [new Map([['users', 'other']]), new Set(['users']), ['users'], new Date(0), null]) {
      expect(faultsWith({ queueMap })).to.deep.equal(['queueMap: expected queue names, ARNs or URLs by logical name']);
    }
  });

  it('names the option that was meant', () => {
    const fault = (option: string): readonly string[] => faultsWith({ [option]: 1 });
    expect(fault('Region2')).to.deep.equal(['Region2: there is no such option; did you mean region?']);
    expect(fault('timeout')).to.deep.equal(['timeout: there is no such option; did you mean timeoutMs?']);
    expect(fault('acountID')).to.deep.equal(['acountID: there is no such option; did you mean accountId?']);
    expect(fault('constructor')).to.deep.equal(['constructor: there is no such option']);
    expect(fault('')).to.deep.equal([': there is no such option']);
  });

  it('never shows a value', () => {
    const planted = 'S3CRET value';
    const wrong = Object.fromEntries([...Object.keys(full), 'other'].map((option) => [option, planted]));
    const nested = {
      credentials: { accessKeyId: planted, secretAccessKey: planted, sessionToken: planted },
      topicMap: { users: planted },
      queueMap: { users: planted },
      endpoint: `http://user:${planted}@example.org`,
    };
    for (const input of [wrong, { ...wrong, ...nested }, planted]) {
      const { left: error } = decodeConfig(input) as E.Left<ConfigurationError>;
      const texts = [error.message, error.stack, String(error), JSON.stringify(error), inspect(error, { depth: 9 })];
      expect(texts.join('\n')).not.to.contain('S3CRET');
    }
  });
});

describe('AWSMessagingConfig', () => {
  it('is', () => {
    expect(AWSMessagingConfig.is(full)).to.equal(true);
    expect(AWSMessagingConfig.is({ ...minimal, region: '' })).to.equal(false);
  });

  it('decodes as part of another codec, by its path, and without values', () => {
    const App = t.type({ aws: AWSMessagingConfig });
    expect(App.decode({ aws: minimal })).to.deep.equal(E.right({ aws: minimal }));
    const decoded = App.decode({ aws: { ...minimal, credentials: { accessKeyId: 'k', secretAccessKey: ' ' } } });
    const { left: errors } = decoded as E.Left<t.Errors>;
    expect(errors.map(({ context, message }) => [context.map(({ key }) => key), message])).to.deep.equal([
      [['', 'aws', 'credentials.secretAccessKey'], 'expected characters without spaces'],
    ]);
    expect(errors.map(({ value }) => value)).to.deep.equal([undefined]);
  });

  it('encodes to itself', () => {
    expect(AWSMessagingConfig.encode(full)).to.equal(full);
  });
});
