import { expect } from 'chai';
import * as t from 'io-ts';
import { filter, firstValueFrom, lastValueFrom, map, type Observable, of, Subject, take, toArray } from 'rxjs';
import {
  ackMap,
  AWSConnectionError,
  type AWSMessagingConfig,
  createClient,
  fromTopic,
  type MessagingClient,
  type MessagingEvent,
  provision,
  publishEvent,
  topic,
} from '../../src/index.js';
import { type Emulated, emulate } from '../examples/emulated.js';
import {
  forwardTo,
  type Gateway,
  hang,
  hangUp,
  type Mood,
  openGateway,
  reset,
  showPage,
  speakAnotherProtocol,
  truncate,
} from './badEndpoints/gateway.js';

const Users = topic('users', t.type({ name: t.string }));
const QUEUE = 'dev-users-queue';
const EMPTY_QUEUE = { visible: 0, comeBackAt: [] };

const configFor = (endpoint: string): AWSMessagingConfig => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'top-secret' },
  environment: 'dev',
  accountId: '000000000000',
  retryAttempts: 1,
  timeoutMs: 1_000,
});

/** What goes wrong, and what it is called in errors. */
const MOODS: readonly (readonly [what: string, mood: (url: string) => Mood, fault: object])[] = [
  ['shows a page instead of an answer', () => showPage(200), { code: 'BadResponse', httpStatus: 200 }],
  ['shows a page of its own failure', () => showPage(502), { code: 'BadResponse', httpStatus: 502 }],
  ['takes the request and never answers', () => hang, { code: 'Timeout', httpStatus: undefined }],
  ['resets the connection', () => reset, { code: 'ECONNRESET', httpStatus: undefined }],
  ['hangs up', () => hangUp, { code: 'ECONNRESET', httpStatus: undefined }],
  ['speaks another protocol', () => speakAnotherProtocol, { code: 'BadResponse', httpStatus: undefined }],
  ['gives half of its answers', truncate, { code: 'ECONNRESET', httpStatus: 200 }],
];

type PollFailed = Extract<MessagingEvent, { type: 'pollFailed' }>;

describe('an endpoint that', function () {
  this.timeout(20_000);
  let emulated: Emulated;
  let gateway: Gateway;
  let direct: MessagingClient;
  let client: MessagingClient;
  let timersBefore = 0;
  beforeEach(async () => {
    emulated = await emulate();
    gateway = await openGateway(forwardTo(emulated.url));
    direct = createClient(configFor(emulated.url));
    await lastValueFrom(provision(direct, Users));
    timersBefore = timers();
    client = createClient(configFor(gateway.url));
  });
  afterEach(async () => {
    // A spec that failed may have left it unable to confirm something.
    await Promise.allSettled([client.close(), direct.close()]);
    await gateway.goAway();
    await emulated.stop();
  });

  /** Timers that keep this process alive. */
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

  /** Closes the client; then no socket of it is left. */
  async function expectToClose(): Promise<void> {
    await client.close();
    await gateway.disconnected();
  }

  /** And no timer. Not to be asked when a poll was given up: the emulator, in this process too, goes on with it. */
  function expectNoTimer(): void {
    expect(timers()).to.equal(timersBefore);
  }

  const events$ = <T extends MessagingEvent['type']>(type: T): Observable<Extract<MessagingEvent, { type: T }>> =>
    client.events$.pipe(filter((event): event is Extract<MessagingEvent, { type: T }> => event.type === type));

  /** The next events of a type; to be asked for before they happen. */
  const next = <T extends MessagingEvent['type']>(type: T, count = 1) =>
    firstValueFrom(events$(type).pipe(take(count), toArray()));

  /** A consumer under way. */
  function consume(visibilityTimeoutSeconds = 30) {
    const stop = new Subject<void>();
    const names$ = fromTopic(client, Users, { stop, waitTimeSeconds: 1, visibilityTimeoutSeconds }).pipe(
      ackMap(({ name }) => of(name)),
      toArray(),
    );
    return {
      /** The names that were handled, once it has ended. */
      ended: lastValueFrom(names$),
      stop: () => {
        stop.next();
      },
    };
  }

  const codesOf = (failures: readonly PollFailed[]): readonly unknown[] => failures.map(({ error }) => error.code);
  const publish = (name: string): Promise<unknown> => publishEvent(direct, Users, { name });

  for (const [what, moodFor, fault] of MOODS) {
    describe(what, () => {
      let bad: Mood;
      beforeEach(() => {
        bad = moodFor(emulated.url);
      });

      it('publishEvent tries again, then rejects by a typed error', async () => {
        gateway.mood = bad;
        const error: unknown = await publishEvent(client, Users, { name: 'Ada' }).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(AWSConnectionError);
        expect(error).to.include({ ...fault, operation: 'PublishBatch', retryable: true });
        expect(gateway.requests).to.equal(2);
        await expectToClose();
        expectNoTimer();
      });

      it('publishEvent succeeds when it recovers meanwhile', async () => {
        gateway.mood = (request, response) => {
          gateway.mood = forwardTo(emulated.url);
          bad(request, response);
        };
        const { value } = await publishEvent(client, Users, { name: 'Ada' });
        expect(value).to.deep.equal({ name: 'Ada' });
        expect(gateway.requests).to.equal(2);
        await expectToClose();
        expectNoTimer();
      });

      it('fromTopic goes on when it recovers, and loses nothing', async () => {
        gateway.mood = bad;
        // What is lost on its way to the consumer comes back after a visibility timeout.
        const { ended, stop } = consume(1);
        const { code } = fault as { readonly code: string };
        const failures = next('pollFailed', 2);
        await publish('before');
        expect(codesOf(await failures)).to.deep.equal([code, code]);

        const before = next('settled');
        gateway.mood = forwardTo(emulated.url);
        await before;
        gateway.mood = bad;
        expect((await next('pollFailed'))[0]).to.deep.include({ topic: 'users', consecutiveFailures: 1 });
        await publish('after');

        const after = next('settled');
        gateway.mood = forwardTo(emulated.url);
        await after;
        stop();
        expect(await ended).to.deep.equal(['before', 'after']);
        await expectToClose();
        expect(await emulated.queue(QUEUE)).to.deep.equal(EMPTY_QUEUE);
      });

      it('close() ends a consumer that can not reach it', async () => {
        const good = forwardTo(emulated.url);
        gateway.mood = (request, response) => {
          const isPoll = request.headers['x-amz-target'] === 'AmazonSQS.ReceiveMessage';
          (isPoll ? bad : good)(request, response);
        };
        const { ended } = consume();
        await next('pollFailed');
        await expectToClose();
        expectNoTimer();
        expect(await ended).to.deep.equal([]);
      });
    });
  }

  describe('goes away', () => {
    it('publishEvent tries again, then rejects by a typed error', async () => {
      await gateway.goAway();
      const called = next('called', 2);
      const error: unknown = await publishEvent(client, Users, { name: 'Ada' }).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(AWSConnectionError);
      expect(error).to.include({ code: 'ECONNREFUSED', operation: 'PublishBatch', retryable: true });
      expect((await called).map((event) => event.error?.code)).to.deep.equal(['ECONNREFUSED', 'ECONNREFUSED']);
      await expectToClose();
    });

    it('publishEvent succeeds again when it has come back', async () => {
      await publishEvent(client, Users, { name: 'before' });
      await gateway.goAway();
      const failed = publishEvent(client, Users, { name: 'lost' }).catch(() => 'failed');
      expect(await failed).to.equal('failed');
      await gateway.comeBack();
      await publishEvent(client, Users, { name: 'after' });
      await expectToClose();
      expect(await emulated.queue(QUEUE)).to.deep.equal({ visible: 2, comeBackAt: [] });
    });

    it('fromTopic goes on when it has come back, and loses nothing', async () => {
      // Of a poll whose connection was cut, the message comes back after a visibility timeout.
      const { ended, stop } = consume(1);
      const before = next('settled');
      await publish('before');
      await before;
      const failures = next('pollFailed', 2);
      await gateway.goAway();
      await publish('meanwhile');
      expect(codesOf(await failures)).to.deep.equal(['ECONNRESET', 'ECONNREFUSED']);
      const settled = next('settled');
      await gateway.comeBack();
      await settled;
      stop();
      expect(await ended).to.deep.equal(['before', 'meanwhile']);
      await expectToClose();
      expect(await emulated.queue(QUEUE)).to.deep.equal(EMPTY_QUEUE);
    });

    it('a message handled meanwhile is acknowledged when it has come back, and handled once', async () => {
      const stop = new Subject<void>();
      const handled = new Subject<string>();
      const received = next('received');
      const names$ = fromTopic(client, Users, { stop, waitTimeSeconds: 1 }).pipe(
        ackMap(({ name }) =>
          handled.pipe(
            take(1),
            map((how) => `${name} ${how}`),
          ),
        ),
        toArray(),
      );
      const ended = lastValueFrom(names$);
      await publish('Ada');
      await received;
      await gateway.goAway();
      const refused = firstValueFrom(
        events$('called').pipe(
          filter((call) => call.operation === 'DeleteMessageBatch' && call.error?.code === 'ECONNREFUSED'),
        ),
      );
      const settled = next('settled');
      handled.next('handled');
      await refused;
      await gateway.comeBack();
      await settled;
      stop.next();
      expect(await ended).to.deep.equal(['Ada handled']);
      await expectToClose();
      expect(await emulated.queue(QUEUE)).to.deep.equal(EMPTY_QUEUE);
    });

    it('close() ends a consumer that can not reach it', async () => {
      const { ended } = consume();
      await next('started');
      await gateway.goAway();
      await next('pollFailed', 2);
      await expectToClose();
      expect(await ended).to.deep.equal([]);
    });
  });
});
