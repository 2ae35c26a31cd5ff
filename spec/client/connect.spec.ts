import { expect } from 'chai';
import { map, NEVER, type Observable, of } from 'rxjs';
import type { AwsCalls, MessagingClient } from '../../src/client/client.js';
import { type Connection, connect } from '../../src/client/connect.js';
import { AWSConnectionError } from '../../src/errors.js';
import type { MessagingEvent } from '../../src/events.js';
import { fakeSettings } from '../helpers/fakeClient.js';
import { at, type Marbles, marbles } from '../helpers/marbles.js';

const EVENT: MessagingEvent = { type: 'throttled', at: 0, operation: 'ReceiveMessage' };

interface Connected {
  readonly client: MessagingClient;
  /** What was done to the client, and what it told, in order. */
  readonly log: string[];
}

/** A client with a second to close in, whose one call is `getQueueUrl`. */
function connected(connection: Partial<Connection> = {}): Connected {
  const log: string[] = [];
  const calls: Partial<AwsCalls> = { getQueueUrl: () => of('url') };
  const client = connect({
    settings: { ...fakeSettings, timeoutMs: 1_000 },
    // The other calls are not made.
    calls: calls as AwsCalls,
    destroy: () => log.push('destroy'),
    ...connection,
  });
  return { client, log };
}

/** Notes a signal of the client in the log, each time. */
function note({ log }: Connected, name: string, signal$: Observable<unknown>): void {
  signal$.subscribe(() => log.push(name));
}

/** How `close()` ended: nothing, or what it rejected with. */
async function endOf(closed: Promise<void> | undefined): Promise<unknown> {
  if (closed === undefined) throw new Error('close() was not called');
  return closed.catch((error: unknown) => error);
}

/** The end of a client that was closed at once; `use` says what was held before. */
async function closedWith(
  connection: Connected,
  use: (helpers: Marbles, close: () => void) => void,
): Promise<{ readonly end: unknown; readonly frame: number }> {
  let end: Promise<unknown> | undefined;
  let frame = 0;
  marbles((helpers) => {
    use(helpers, () => {
      end = endOf(connection.client.close());
    });
    helpers.flush();
    frame = helpers.scheduler.frame;
  });
  return { end: await end, frame };
}

/** For diagrams: each emission of a signal is an `x`. */
const shown = (signal$: Observable<unknown>): Observable<string> => signal$.pipe(map(() => 'x'));

describe('connect', () => {
  it('gives settings, random numbers and calls', () => {
    const settings = { ...fakeSettings, timeoutMs: 1_234 };
    const { port } = connected({ settings, random: () => 0.25 }).client;
    expect(port.settings).to.equal(settings);
    expect(port.random()).to.equal(0.25);
    marbles(({ expectObservable }) => {
      expectObservable(port.calls.getQueueUrl({ queueName: 'q' })).toBe('(a|)', { a: 'url' });
    });
  });

  it('takes its random numbers from Math.random', () => {
    const { random } = connected().client.port;
    expect(random).to.equal(Math.random);
  });

  describe('events$', () => {
    it('is hot: tells each listener what happens from then on', () => {
      const { client } = connected();
      const early: MessagingEvent[] = [];
      const late: MessagingEvent[] = [];
      client.events$.subscribe((event) => early.push(event));
      client.port.emit(() => EVENT);
      client.events$.subscribe((event) => late.push(event));
      client.port.emit(() => EVENT);
      expect([early, late]).to.deep.equal([[EVENT, EVENT], [EVENT]]);
    });

    it('makes an event once, and only while somebody listens', () => {
      const { client } = connected();
      let made = 0;
      const event = (): MessagingEvent => {
        made += 1;
        return EVENT;
      };
      client.port.emit(event);
      expect(made).to.equal(0);
      const first = client.events$.subscribe();
      const second = client.events$.subscribe();
      client.port.emit(event);
      expect(made).to.equal(1);
      first.unsubscribe();
      second.unsubscribe();
      client.port.emit(event);
      expect(made).to.equal(1);
    });

    it('tells of calls while somebody listens', () => {
      marbles(({ cold, flush }) => {
        const calls: Partial<AwsCalls> = { getQueueUrl: () => cold('--(a|)') };
        const { client } = connected({ calls: calls as AwsCalls });
        const events: MessagingEvent[] = [];
        client.port.calls.getQueueUrl({ queueName: 'q' }).subscribe();
        client.events$.subscribe((event) => events.push(event));
        client.port.calls.getQueueUrl({ queueName: 'q' }).subscribe();
        flush();
        expect(events).to.deep.equal([{ type: 'called', at: 2, operation: 'GetQueueUrl', durationMs: 2, entries: 0 }]);
      });
    });

    it('can not be written to by who reads it', () => {
      expect(connected().client.events$).to.not.have.property('next');
    });

    it('completes when the client is closed for good, after the last events; later listeners are told at once', () => {
      marbles((helpers) => {
        const { expectObservable } = helpers;
        const { client } = connected();
        const { port, events$ } = client;
        const release = port.hold();
        at(helpers, 2, () => void client.close());
        at(helpers, 4, () => {
          port.emit(() => EVENT);
          release();
        });
        expectObservable(shown(events$)).toBe('          ----(x|)');
        expectObservable(shown(events$), '------^').toBe('------|');
      });
    });
  });

  describe('close', () => {
    it('ends at once when nothing is held, in order', async () => {
      const connection = connected();
      const { client, log } = connection;
      note(connection, 'closing', client.port.closing$);
      note(connection, 'killed', client.port.killed$);
      note(connection, 'closed', client.port.closed$);
      client.events$.subscribe({ complete: () => log.push('events$ complete') });
      const { end, frame } = await closedWith(connection, (_helpers, close) => {
        close();
      });
      expect(end).to.equal(undefined);
      expect(log).to.deep.equal(['closing', 'closed', 'destroy', 'events$ complete']);
      // Its timers are gone as well: the process may end.
      expect(frame).to.equal(0);
    });

    it('does nothing before it is called', () => {
      marbles(({ expectObservable }) => {
        const connection = connected();
        const { port } = connection.client;
        for (const signal$ of [port.closing$, port.killed$, port.closed$]) expectObservable(signal$).toBe('');
        expect(port.isClosing()).to.equal(false);
        expect(connection.log).to.deep.equal([]);
      });
    });

    it('gives the same promise again, and closes once', async () => {
      const connection = connected();
      const { client, log } = connection;
      note(connection, 'closing', client.port.closing$);
      note(connection, 'closed', client.port.closed$);
      const release = client.port.hold();
      const closed = client.close();
      expect(client.close()).to.equal(closed);
      release();
      expect(client.close()).to.equal(closed);
      await closed;
      expect(client.close()).to.equal(closed);
      expect(log).to.deep.equal(['closing', 'closed', 'destroy']);
    });

    it('gives the same promise to what calls it because the client closes', async () => {
      const connection = connected();
      const { client, log } = connection;
      const again: Promise<void>[] = [];
      for (const signal$ of [client.port.closing$, client.port.closed$]) {
        signal$.subscribe(() => again.push(client.close()));
      }
      note(connection, 'closing', client.port.closing$);
      note(connection, 'closed', client.port.closed$);
      const closed = client.close();
      await closed;
      expect(again.map((promise) => promise === closed)).to.deep.equal([true, true]);
      expect(log).to.deep.equal(['closing', 'closed', 'destroy']);
    });

    it('tells closing$ at once, late subscribers too, and isClosing() before them', () => {
      marbles((helpers) => {
        const { expectObservable } = helpers;
        const { client } = connected();
        const { port } = client;
        port.hold();
        at(helpers, 2, () => {
          client.close().catch(() => undefined);
        });
        expectObservable(port.closing$.pipe(map(() => port.isClosing()))).toBe('--x', { x: true });
        expectObservable(shown(port.closing$), '-----^').toBe('                 -----x');
      });
    });

    it('waits until everything is released, and leaves no timer', async () => {
      const connection = connected();
      const { client, log } = connection;
      const { port } = client;
      const { end, frame } = await closedWith(connection, (helpers, close) => {
        const first = port.hold();
        const second = port.hold();
        at(helpers, 1, close);
        at(helpers, 300, first);
        at(helpers, 899, second);
        helpers.expectObservable(shown(port.killed$)).toBe('');
        helpers.expectObservable(shown(port.closed$)).toBe('899ms x');
      });
      expect(end).to.equal(undefined);
      expect(log).to.deep.equal(['destroy']);
      expect(frame).to.equal(899);
    });

    it('waits for what was begun after it, while it waits anyway', async () => {
      const connection = connected();
      const { port } = connection.client;
      const { end } = await closedWith(connection, (helpers, close) => {
        const first = port.hold();
        close();
        at(helpers, 10, () => {
          at(helpers, 10, port.hold());
          first();
        });
        helpers.expectObservable(shown(port.closed$)).toBe('20ms x');
      });
      expect(end).to.equal(undefined);
    });

    it('kills at 90 % of timeoutMs, and resolves when all is released by then', async () => {
      const connection = connected();
      const { port } = connection.client;
      const { end, frame } = await closedWith(connection, (helpers, close) => {
        const release = port.hold();
        at(helpers, 5, close);
        at(helpers, 1_004, release);
        helpers.expectObservable(shown(port.killed$)).toBe('905ms x');
        helpers.expectObservable(shown(port.killed$), '950ms ^').toBe('950ms x');
        helpers.expectObservable(shown(port.closed$)).toBe('1004ms x');
      });
      expect(end).to.equal(undefined);
      expect(frame).to.equal(1_004);
      expect(connection.log).to.deep.equal(['destroy']);
    });

    it('resolves when what is killed lets go at once', async () => {
      const connection = connected();
      const { port } = connection.client;
      port.killed$.subscribe(port.hold());
      const { end } = await closedWith(connection, (helpers, close) => {
        close();
        helpers.expectObservable(shown(port.closed$)).toBe('900ms x');
      });
      expect(end).to.equal(undefined);
    });

    it('closes for good at timeoutMs, and rejects when something is still held', async () => {
      const connection = connected();
      const { client, log } = connection;
      const { port } = client;
      client.events$.subscribe({ complete: () => log.push('events$ complete') });
      const { end, frame } = await closedWith(connection, (helpers, close) => {
        port.hold()();
        port.hold();
        port.hold();
        at(helpers, 5, close);
        helpers.expectObservable(shown(port.killed$)).toBe(' 905ms x');
        helpers.expectObservable(shown(port.closed$)).toBe('1005ms x');
        helpers.expectObservable(shown(port.closed$), '1500ms ^').toBe('1500ms x');
      });
      expect(end).to.be.instanceOf(AWSConnectionError);
      expect((end as AWSConnectionError).toJSON()).to.deep.equal({
        _tag: 'AWSConnectionError',
        name: 'AWSConnectionError',
        message:
          'close failed: CloseTimeout (2 consumers or producers were still waiting for AWS to confirm after timeoutMs)',
        code: 'CloseTimeout',
        operation: 'close',
        retryable: false,
        throttled: false,
        outcomeUnknown: true,
      });
      expect(log).to.deep.equal(['destroy', 'events$ complete']);
      expect(frame).to.equal(1_500);
    });

    it('counts, as left over, what only its own end makes let go', async () => {
      const connection = connected();
      const { port } = connection.client;
      port.closed$.subscribe(port.hold());
      const { end } = await closedWith(connection, (_helpers, close) => {
        close();
      });
      expect(String(end)).to.include('CloseTimeout (1 consumers');
    });

    it('rejects for every caller', async () => {
      const connection = connected();
      connection.client.port.hold();
      const { end } = await closedWith(connection, (_helpers, close) => {
        close();
      });
      expect(await endOf(connection.client.close())).to.equal(end);
    });

    it('rejects with what destroy throws', async () => {
      const error = new Error('no such socket');
      const { client } = connected({
        destroy: () => {
          throw error;
        },
      });
      expect(await endOf(client.close())).to.equal(error);
    });
  });

  describe('hold', () => {
    it('is let go once, however often its release is called', async () => {
      const connection = connected();
      const { port } = connection.client;
      const { end } = await closedWith(connection, (helpers, close) => {
        const release = port.hold();
        const other = port.hold();
        release();
        release();
        close();
        at(helpers, 10, release);
        at(helpers, 20, other);
        helpers.expectObservable(shown(port.closed$)).toBe('20ms x');
      });
      expect(end).to.equal(undefined);
    });
  });

  describe('calls', () => {
    const closedError = new AWSConnectionError({
      operation: 'GetQueueUrl',
      code: 'ClientClosed',
      retryable: false,
      detail: 'close() was called on this client',
    });

    it('fail by ClientClosed on a client that is closed', () => {
      marbles(({ expectObservable }) => {
        const { client } = connected();
        void client.close();
        expectObservable(client.port.calls.getQueueUrl({ queueName: 'q' })).toBe('#', undefined, closedError);
      });
    });

    it('can be made while it closes, and end with it', () => {
      marbles((helpers) => {
        const { cold, expectObservable } = helpers;
        const calls: Partial<AwsCalls> = {
          getQueueUrl: ({ queueName }) => (queueName === 'slow' ? NEVER : cold('-(a|)')),
        };
        const { client } = connected({ calls: calls as AwsCalls });
        const { port } = client;
        port.hold();
        client.close().catch(() => undefined);
        expectObservable(port.calls.getQueueUrl({ queueName: 'q' }), '    500ms ^').toBe('501ms (a|)');
        expectObservable(port.calls.getQueueUrl({ queueName: 'q' }), '    998ms ^').toBe('999ms (a|)');
        expectObservable(port.calls.getQueueUrl({ queueName: 'slow' }), ' 500ms ^').toBe(
          '1s #',
          undefined,
          closedError,
        );
      });
    });
  });
});
