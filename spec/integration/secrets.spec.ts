import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { inspect } from 'node:util';
import { lastValueFrom, type Observable, of, throwError, toArray } from 'rxjs';
import {
  ackMap,
  configFromEnv,
  createClient,
  decodeConfig,
  fifoTopic,
  fromTopic,
  MessageProcessingError,
  provision,
  publishEvent,
  publishTo,
  redrive,
  reject,
  runConsumer,
  topic,
} from '../../src/index.js';
import { openGateway, type Gateway, type Mood } from './badEndpoints/gateway.js';
import { useEmulator, type Watched } from './emulated.js';

/** In every field, each time with another ending. */
const SECRET = 'hunter2';
const secret = (where: string): string => `${SECRET}-${where}`;

/** Every text there is of a thing. */
function textsOf(thing: unknown): readonly string[] {
  const texts = [inspect(thing), inspect(thing, { depth: Infinity, showHidden: true, getters: false }), String(thing)];
  try {
    texts.push(JSON.stringify(thing));
  } catch {
    // It has a cycle: nobody gets JSON of it.
  }
  if (thing instanceof Error) texts.push(thing.message, thing.stack ?? '', inspect(Object.entries(thing)));
  return texts;
}

function expectNoSecretIn(things: readonly unknown[]): void {
  for (const thing of things) for (const text of textsOf(thing)) expect(text).not.to.contain(SECRET);
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('resolved'),
    (error: unknown) => error,
  );
}

describe('a secret', () => {
  const emulation = useEmulator();
  const credentials = {
    accessKeyId: secret('key-id'),
    secretAccessKey: secret('key'),
    sessionToken: secret('token'),
  };

  /** All that a client told, and the errors it gave. */
  let watched: Watched;
  let errors: unknown[];
  const keep = (error: unknown): void => void errors.push(error);
  beforeEach(() => {
    errors = [];
    watched = emulation.connect({ credentials });
  });

  /** Something went wrong, and nothing told the secret. */
  function expectKept(): void {
    expect(errors).not.to.have.lengthOf(0);
    expectNoSecretIn([...errors, ...watched.events]);
  }

  it('in a configuration, wherever it is, is in no fault of it', () => {
    const planted = Object.fromEntries(
      [
        ...['region', 'credentials', 'environment', 'service', 'accountId', 'endpoint', 'topicMap', 'queueMap'],
        ...['retryAttempts', 'timeoutMs', 'maxSockets', 'rateLimit', 'allowInsecureEndpoint'],
      ].map((option) => [option, secret(`${option} `)]),
    );
    const withMaps = {
      ...planted,
      credentials: { accessKeyId: [SECRET], secretAccessKey: { SECRET }, sessionToken: 7 },
      // Names are told, of options and of topics; values are not.
      topicMap: { users: `${SECRET} !`, orders: [SECRET] },
      queueMap: { orders: `http://${SECRET}:${SECRET}@example.com/` },
      endpoint: `https://user:${SECRET}@example.com`,
    };
    for (const config of [planted, withMaps, SECRET, [SECRET]]) {
      const decoded = decodeConfig(config);
      if (E.isRight(decoded)) expect.fail('decoded');
      keep(decoded.left);
      try {
        createClient(config as unknown as Parameters<typeof createClient>[0]);
      } catch (error) {
        keep(error);
      }
    }
    const variables = ['REGION_NAME', 'TOPIC_MAP', 'QUEUE_MAP', 'RETRY_ATTEMPTS', 'TIMEOUT', 'ENDPOINT_URL', 'SERVICE'];
    const env = Object.fromEntries(variables.map((name) => [`AWS_${name}`, `{${SECRET} `]));
    const fromEnv = configFromEnv({ ...env, AWS_ACCESS_KEY_ID: SECRET, AWS_SECRET_ACCESS_KEY: SECRET });
    if (E.isRight(fromEnv)) expect.fail('decoded');
    keep(fromEnv.left);
    expect(errors).to.have.lengthOf(9);
    expectKept();
  });

  it('in credentials is in nothing the client shows of itself', () => {
    expectNoSecretIn([watched.client]);
  });

  it('in a value, its attributes, group, deduplication id or subject is in no refusal', async () => {
    const Users = topic('users', t.type({ name: t.string, age: t.number }));
    const user = { name: secret('name'), age: 36 };
    const bad: readonly unknown[] = [SECRET, { name: SECRET }, { ...user, age: SECRET }, { ...user, name: [SECRET] }];
    const results = await lastValueFrom(
      of(...(bad as (typeof user)[])).pipe(publishTo(watched.client, Users), toArray()),
    );
    for (const result of results) {
      if (E.isRight(result)) expect.fail('accepted');
      // The value is the user's own, and theirs to print.
      keep(result.left.error);
    }
    const texts = (more: object) =>
      fifoTopic('texts', t.unknown, {
        groupId: () => 'group',
        deduplicationId: () => 'id',
        ...more,
      });
    const cycle: { self?: unknown; name: string } = { name: SECRET };
    cycle.self = cycle;
    const misused = [
      texts({ attributes: () => ({ [`${SECRET} !`]: 'a' }) }),
      texts({ attributes: () => ({ name: `${SECRET}\u0000` }) }),
      texts({ groupId: () => `${SECRET} ` }),
      texts({ deduplicationId: () => `${SECRET} ` }),
      texts({ subject: () => `${SECRET}\n` }),
      ...['attributes', 'groupId', 'deduplicationId', 'subject'].map((name) =>
        texts({
          [name]: (value: unknown) => {
            throw new Error(String(value));
          },
        }),
      ),
      texts({ maxMessageBytes: 1 }),
    ];
    for (const one of misused) keep(await rejectionOf(publishEvent(watched.client, one, SECRET)));
    keep(await rejectionOf(publishEvent(watched.client, texts({}), cycle)));
    keep(
      await rejectionOf(
        publishEvent(watched.client, texts({}), {
          toJSON: () => {
            throw new Error(SECRET);
          },
        }),
      ),
    );
    expectKept();
  });

  it('in a body, an attribute, a handler or a callback is in no event, and not in the reason of a rejection', async () => {
    const Users = topic('users', t.type({ name: t.string, age: t.number }));
    const QUEUE = 'dev-users-queue';
    await lastValueFrom(provision(watched.client, Users));
    const attributes = { note: { DataType: 'String', StringValue: secret('note') } };
    const bodies = [SECRET, `{"name":"${SECRET}`, `{"name":"${SECRET}"}`, `{"${SECRET}":"${SECRET}"}`, `"${SECRET}"`];
    const thrown = [
      new Error(SECRET),
      SECRET,
      { name: SECRET },
      Object.assign(new Error('no'), { name: `${SECRET} a`, code: `${SECRET} b`, reason: SECRET, paths: [SECRET] }),
    ];
    for (const body of bodies) await emulation.send(QUEUE, body, attributes);
    for (const age of thrown.keys()) {
      await emulation.send(QUEUE, JSON.stringify({ name: secret('name'), age }), attributes);
    }
    const work$ = fromTopic(watched.client, Users, {
      onInvalid: (error) => {
        keep(error);
        if (errors.length === 2) throw new Error(SECRET);
        return reject(error);
      },
    }).pipe(
      ackMap(({ age }) => throwError(() => thrown[age]), {
        onError: (error, message) => {
          if (message.value.age === 1) throw new Error(SECRET);
          return reject(error);
        },
      }),
    );
    const consumer = work$.subscribe();
    await watched.seen('settled', bodies.length + thrown.length);
    consumer.unsubscribe();
    await watched.seen('stopped');

    expect(errors).to.have.lengthOf(bodies.length);
    expectKept();
    const types = new Set(watched.events.map(({ type }) => type));
    expect([...types]).to.include.members(['invalid', 'handled', 'rejected', 'callbackFailed', 'settled']);
    const { visible } = await emulation.holding(`${QUEUE}-dlq`);
    expect(visible).to.have.lengthOf(bodies.length + thrown.length - 1);
    for (const { messageAttributes } of visible) {
      expect(messageAttributes['rejection-reason']?.StringValue).to.be.a('string').that.does.not.contain(SECRET);
    }
  });

  it('in a codec that throws it is in no error', async () => {
    const Grumpy = new t.Type<string>(
      'Grumpy',
      (input): input is string => {
        throw new TypeError(String(input));
      },
      (input) => {
        throw new TypeError(String(input));
      },
      t.identity,
    );
    const Texts = topic('texts', Grumpy);
    await lastValueFrom(provision(watched.client, Texts));
    keep(await rejectionOf(publishEvent(watched.client, Texts, SECRET)));
    await emulation.send('dev-texts-queue', JSON.stringify(SECRET));
    const consumer = fromTopic(watched.client, Texts, {
      onInvalid: (error) => {
        keep(error);
        return reject(error);
      },
    }).subscribe();
    await watched.seen('rejected');
    consumer.unsubscribe();
    expect(errors).to.have.lengthOf(2);
    expectKept();
  });

  it('in a handler error that ends nothing is in no error of runConsumer, and in none of close()', async () => {
    const Users = topic('users', t.string);
    const hasty = emulation.connect({ credentials, timeoutMs: 1_000 });
    watched = hasty;
    await lastValueFrom(provision(hasty.client, Users));
    await publishEvent(hasty.client, Users, SECRET);
    const running = runConsumer(hasty.client, Users, (value) => {
      throw new MessageProcessingError('never', { retryable: false, cause: new Error(value) });
    });
    await hasty.seen('rejected');
    await hasty.client.close();
    await running;
    keep(await rejectionOf(publishEvent(hasty.client, Users, SECRET)));
    expectKept();
  });

  describe('that AWS sends back', () => {
    /** As SNS and SQS do in the text of SignatureDoesNotMatch: the headers that were signed, and more. */
    const echo: Mood = (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const text = `The canonical request was ${JSON.stringify(request.headers)} ${body} ${Object.values(credentials).join(' ')}`;
        const isSqs = request.headers['x-amz-target'] !== undefined;
        const plain = text.replace(/[<>&"]/g, ' ');
        response.writeHead(403, {
          'content-type': isSqs ? 'application/x-amz-json-1.0' : 'text/xml',
          'x-amzn-requestid': 'request-1',
        });
        response.end(
          isSqs
            ? JSON.stringify({ __type: 'com.amazon.coral.service#SignatureDoesNotMatch', message: text })
            : `<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>${plain}</Message></Error><RequestId>request-1</RequestId></ErrorResponse>`,
        );
      });
    };
    let gateway: Gateway;
    beforeEach(async () => {
      gateway = await openGateway(echo);
      watched = emulation.connect({
        credentials,
        endpoint: gateway.url,
        queueMap: { users: `${gateway.url}/1/users` },
      });
    });
    afterEach(async () => {
      await watched.client.close();
      await gateway.goAway();
    });

    it('is in no error and in no event', async () => {
      const { client } = watched;
      const Users = topic('users', t.string, { attributes: () => ({ note: secret('note') }) });
      keep(await rejectionOf(publishEvent(client, Users, secret('value'))));
      const all: Observable<unknown>[] = [provision(client, Users), fromTopic(client, Users), redrive(client, Users)];
      for (const work$ of all) keep(await rejectionOf(lastValueFrom(work$)));
      expect(errors).to.have.lengthOf(4);
      for (const error of errors) expect(error).to.include({ code: 'SignatureDoesNotMatch', retryable: false });
      expectKept();
    });
  });
});
