import { expect } from 'chai';
import * as t from 'io-ts';
import { asapScheduler, Subject } from 'rxjs';
import type { BatchResponse, PublishedEntry, PublishRequest } from '../../src/client/client.js';
import { AWSConnectionError, OverflowError, ValidationFailedError } from '../../src/errors.js';
import { publishEvent } from '../../src/producer/publishEvent.js';
import { topic } from '../../src/topic.js';
import { fakeClient } from '../helpers/fakeClient.js';

const Words = topic('words', t.string);

interface Answer {
  readonly request: PublishRequest;
  readonly answer$: Subject<BatchResponse<PublishedEntry>>;
}

/** The answers of one spec, of all its clients. */
let allAnswers: (readonly Answer[])[] = [];

/** Promises run on real microtasks, so these specs answer by hand instead of by time. */
function answering() {
  const answers: Answer[] = [];
  allAnswers.push(answers);
  const fake = fakeClient({
    publishBatch: (request) => {
      const answer$ = new Subject<BatchResponse<PublishedEntry>>();
      answers.push({ request, answer$ });
      return answer$;
    },
  });
  return {
    ...fake,
    /** The values of each request, in JSON. */
    sent: () => answers.map(({ request }) => request.entries.map(({ body }) => body)),
    /** Accepts every entry of the request with this number. */
    accept: (number: number): void => {
      accept(answers[number] ?? expect.fail(`no request ${String(number)}`));
    },
    fail: (number: number, error: unknown): void => {
      answers[number]?.answer$.error(error);
    },
  };
}

function accept({ request, answer$ }: Answer): void {
  const successful = request.entries.map(({ id, body }) => ({ id, messageId: `id-${body}` }));
  answer$.next({ successful, failed: [] });
  answer$.complete();
}

/** Lets everything run that waits for microtasks. */
const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('resolved'),
    (error: unknown) => error,
  );
}

describe('publishEvent', () => {
  // What nobody answered would be tried again by timers that outlive the spec.
  afterEach(async () => {
    const unanswered = () => allAnswers.flat().filter(({ answer$ }) => answer$.observed);
    await settled();
    while (unanswered().length > 0) {
      unanswered().forEach(accept);
      await settled();
    }
    allAnswers = [];
  });

  it('resolves with the receipt once SNS has accepted the value', async () => {
    const { client, accept } = answering();
    const receipt = publishEvent(client, Words, 'a');
    await settled();
    accept(0);
    expect(await receipt).to.deep.equal({ value: 'a', messageId: 'id-"a"' });
  });

  it('rejects with the very error of a value that is refused', async () => {
    const { client, requests } = answering();
    const error = await rejectionOf(publishEvent(client, Words, 7 as unknown as string));
    expect(error).to.be.instanceOf(ValidationFailedError);
    expect(requests).to.deep.equal([]);
  });

  it('rejects with the very error of the call', async () => {
    const { client, fail } = answering();
    const denied = new AWSConnectionError({ operation: 'PublishBatch', code: 'AccessDenied', retryable: false });
    const rejected = rejectionOf(publishEvent(client, Words, 'a'));
    await settled();
    fail(0, denied);
    expect(await rejected).to.equal(denied);
  });

  it('shares requests among calls of one client and topic, and with no other', async () => {
    const { client, sent } = answering();
    const other = answering();
    const Others = topic('others', t.string);
    void publishEvent(client, Words, 'a');
    void publishEvent(client, Words, 'b');
    void publishEvent(client, Others, 'c');
    void publishEvent(other.client, Words, 'd');
    await settled();
    expect(sent()).to.deep.equal([['"a"', '"b"'], ['"c"']]);
    expect(other.sent()).to.deep.equal([['"d"']]);
  });

  it('bounds what waits: beyond 10,000 it rejects with an OverflowError', async () => {
    const { client } = answering();
    for (let number = 0; number < 10_000; number += 1) void publishEvent(client, Words, 'a');
    expect(await rejectionOf(publishEvent(client, Words, 'b'))).to.be.instanceOf(OverflowError);
  });

  it('rejects when the client is closed', async () => {
    const { client } = answering();
    await client.close();
    expect(await rejectionOf(publishEvent(client, Words, 'a'))).to.have.property('code', 'ClientClosed');
  });

  describe('with a signal', () => {
    const reason = new Error('enough');

    it('rejects at once with the reason of one that was aborted before, and sends nothing', async () => {
      const { client, sent } = answering();
      const rejected = rejectionOf(publishEvent(client, Words, 'a', { signal: AbortSignal.abort(reason) }));
      await settled();
      expect(await rejected).to.equal(reason);
      expect(sent()).to.deep.equal([]);
    });

    it('rejects with the reason, and does not send a value that waits', async () => {
      const { client, sent } = answering();
      const controller = new AbortController();
      const rejected = rejectionOf(publishEvent(client, Words, 'a', { signal: controller.signal }));
      void publishEvent(client, Words, 'b');
      controller.abort(reason);
      expect(await rejected).to.equal(reason);
      await settled();
      expect(sent()).to.deep.equal([['"b"']]);
    });

    it('holds no client open for a value that was given up', async () => {
      const { client } = answering();
      const controller = new AbortController();
      const rejected = rejectionOf(publishEvent(client, Words, 'a', { signal: controller.signal }));
      controller.abort(reason);
      await rejected;
      await client.close();
    });

    it('rejects with the reason while the value is under way; it may arrive', async () => {
      const { client, sent, accept, events } = answering();
      const controller = new AbortController();
      const rejected = rejectionOf(publishEvent(client, Words, 'a', { signal: controller.signal }));
      await settled();
      controller.abort(reason);
      expect(await rejected).to.equal(reason);
      accept(0);
      expect(sent()).to.deep.equal([['"a"']]);
      expect(events.map(({ type }) => type)).to.deep.equal(['called', 'published']);
    });

    it('lets go of the signal once there is an answer', async () => {
      const { client, accept } = answering();
      const { signal } = new AbortController();
      let listeners = 0;
      const { addEventListener, removeEventListener } = signal;
      signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
        listeners += 1;
        addEventListener.apply(signal, args);
      };
      signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
        listeners -= 1;
        removeEventListener.apply(signal, args);
      };
      const published = publishEvent(client, Words, 'a', { signal });
      const refused = rejectionOf(publishEvent(client, Words, 7 as unknown as string, { signal }));
      expect(listeners).to.equal(1);
      await settled();
      accept(0);
      await Promise.all([published, refused]);
      expect(listeners).to.equal(0);
    });

    it('rejects although the abort came from a function of the topic, and does not send the value', async () => {
      const { client, sent } = answering();
      const controller = new AbortController();
      const Aborting = topic('words', t.string, {
        groupId: () => {
          controller.abort(reason);
          return 'group';
        },
      });
      const error = await rejectionOf(publishEvent(client, Aborting, 'a', { signal: controller.signal }));
      expect(error).to.equal(reason);
      await settled();
      expect(sent()).to.deep.equal([]);
    });
  });

  it('does not wait for ever when an action of the application throws in the same tick', async () => {
    const { client, sent } = answering();
    const mochas = process.listeners('unhandledRejection');
    const thrown: unknown[] = [];
    process.removeAllListeners('unhandledRejection').once('unhandledRejection', (error) => thrown.push(error));
    // RxJS runs all actions of a tick in one flush, and drops those behind one that throws.
    asapScheduler.schedule(() => {
      throw new Error('of the application');
    });
    void publishEvent(client, Words, 'a');
    await settled();
    for (const listener of mochas) process.on('unhandledRejection', listener);
    expect(thrown.map(String)).to.deep.equal(['Error: of the application']);
    expect(sent()).to.deep.equal([['"a"']]);
  });

  it('counts values given up while they still take room: memory is bounded whoever aborts', async () => {
    const { client } = answering();
    for (let number = 0; number < 200; number += 1) void publishEvent(client, Words, 'under way');
    await settled();
    const errors: unknown[] = [];
    for (let number = 0; number < 9_801; number += 1) {
      const controller = new AbortController();
      const rejected = rejectionOf(publishEvent(client, Words, 'a', { signal: controller.signal }));
      controller.abort();
      errors.push(await rejected);
    }
    expect(errors.filter((error) => error instanceof OverflowError)).to.have.lengthOf(1);
  });
});
