import { expect } from 'chai';
import { map, NEVER, Subject } from 'rxjs';
import type { AwsCalls } from '../../../src/client/client.js';
import { publishTo } from '../../../src/producer/publishTo.js';
import { fakeClient } from '../../helpers/fakeClient.js';
import { answered, broken, fakeProducer, fate, Groups, record, Words } from '../../helpers/fakeProducer.js';
import { BUSY, type Fare, fakeTopic, REFUSED } from '../../helpers/fakeTopic.js';
import { at, marbles } from '../../helpers/marbles.js';

/** How a request ends, in the order of the requests; the last for all that follow. */
type Ends = readonly unknown[];

/** The fates of `a`, whose requests end like that. */
function fatesBy(ends: Ends, retryAttempts = 3, of = Words): readonly string[] {
  let fates: readonly string[] = [];
  marbles(({ cold, flush }) => {
    const { client } = fakeProducer({
      failure: (nth) => ends[Math.min(nth, ends.length) - 1],
      settings: { retryAttempts },
    });
    fates = record(cold('a').pipe(publishTo(client, of, { backoff: () => 0 }), map(fate)));
    flush();
  });
  return fates.map((line) => line.replace(/^[\d.]+: /, ''));
}

/** The fate of `a`, whose entry fares like that. */
function fateBy(fare: (attempt: number) => Fare): string {
  let fates: readonly string[] = [];
  marbles(({ cold, flush }) => {
    const { client } = fakeProducer({ fare: (_, attempt) => fare(attempt) });
    fates = record(cold('a').pipe(publishTo(client, Words, { backoff: () => 0 }), map(fate)));
    flush();
  });
  return fates.map((line) => line.replace(/^[\d.]+: /, '')).join();
}

const LOST = broken('ECONNRESET');

describe('Producer: outcomeUnknown', () => {
  describe('Whether SNS may have the value all the same, because an answer was lost.', () => {
    for (const [what, end, told] of [
      ['a connection that broke', LOST, 'a? ECONNRESET'],
      ['a connection that ended', broken('EPIPE'), 'a? EPIPE'],
      ['a 503', answered('ServiceUnavailable', 503), 'a? ServiceUnavailable'],
      ['a 500', answered('InternalFailure', 500), 'a? InternalFailure'],
      ['a page of a proxy', answered('SyntaxError', 200), 'a? BadResponse'],
      ['whatever else', new TypeError('a bug'), 'a? Unknown'],
    ] as const) {
      it(what, () => {
        expect(fatesBy([end])).to.deep.equal([told]);
      });
    }

    it('no answer within timeoutMs', () => {
      marbles(({ cold, expectObservable }) => {
        const { client } = fakeClient({ publishBatch: () => NEVER }, { timeoutMs: 50, retryAttempts: 0 });
        expectObservable(cold('a|').pipe(publishTo(client, Words), map(fate))).toBe('50ms (a|)', { a: 'a? Timeout' });
      });
    });

    it('an answer that does not mention it', () => {
      expect(fateBy(() => 'unmentioned')).to.equal('a? NotAnswered');
    });

    it('the end of the client while it was under way once more, refused before', () => {
      marbles((helpers) => {
        const sns = fakeTopic({ fare: () => BUSY });
        const { client, requests } = fakeClient(
          { publishBatch: (request) => (requests.length === 1 ? sns.calls.publishBatch(request) : NEVER) },
          { timeoutMs: 50 },
        );
        const fates$ = helpers.cold('a').pipe(publishTo(client, Words, { backoff: () => 3 }), map(fate));
        at(helpers, 8, () => {
          client.close().catch(() => undefined);
        });
        helpers.expectObservable(fates$).toBe('53ms a', { a: 'a? CloseTimeout' });
      });
    });

    it('the end of the client while it was under way', () => {
      expect(fatesAtClose(NEVER_ANSWERED)).to.deep.equal(['45: a? CloseTimeout']);
    });
  });

  describe('False means that it certainly has not: the value was refused, or never sent.', () => {
    for (const [what, end, told] of [
      ['a refusal', answered('AccessDenied', 403), 'a! AccessDenied'],
      ['a throttle', answered('Throttling', 400), 'a! Throttling'],
      ['a throttle that is a 503', answered('SlowDown', 503), 'a! SlowDown'],
      ['a connection that never was', broken('ECONNREFUSED'), 'a! ECONNREFUSED'],
      ['a host that is not there', broken('ENOTFOUND'), 'a! ENOTFOUND'],
    ] as const) {
      it(what, () => {
        expect(fatesBy([end])).to.deep.equal([told]);
      });
    }

    it("an entry that failed in an answer of 200, by the sender's fault or the receiver's", () => {
      expect(fateBy(() => REFUSED)).to.equal('a! InvalidParameter');
      expect(fateBy(() => BUSY)).to.equal('a! InternalError');
    });

    it('a value that is not valid, that finds no room, or comes while the client closes', () => {
      marbles((helpers) => {
        const { cold, expectObservable } = helpers;
        const { client } = fakeProducer();
        at(helpers, 3, () => void client.close());
        const source = cold('  xab-c|      ', { x: 7 as unknown as string, a: 'a', b: 'b', c: 'c' });
        const expected = '     X-B-C(A|)   ';
        const fates$ = source.pipe(publishTo(client, Words, { maxPending: 1 }), map(fate));
        expectObservable(fates$).toBe(expected, {
          X: '7! ValidationFailedError',
          A: 'a ok',
          B: 'b! OverflowError',
          C: 'c! ClientClosed',
        });
      });
    });

    it('a topic whose ARN nobody knows', () => {
      marbles(({ cold, expectObservable }) => {
        const { client } = fakeProducer({ settings: { accountId: undefined } });
        const fates$ = cold('(a|)').pipe(publishTo(client, Words), map(fate));
        expectObservable(fates$).toBe('(a|)', { a: 'a! ConfigurationError' });
      });
    });

    it('the end of the client while it waited, never sent or refused before', () => {
      expect(fatesAtClose({ publishBatch: () => NEVER }, 2)).to.deep.equal([
        '45: a? CloseTimeout',
        '45: b! CloseTimeout',
      ]);
      expect(fatesAtClose(fakeTopic({ fare: () => BUSY }).calls)).to.deep.equal(['45: a! CloseTimeout']);
    });
  });

  describe('it stays so, whatever the later requests are answered', () => {
    for (const [what, later, told] of [
      ['a refusal', answered('AccessDenied', 403), 'a? AccessDenied'],
      ['a throttle', answered('Throttling', 400), 'a? Throttling'],
      ['a connection that never was', broken('ECONNREFUSED'), 'a? ECONNREFUSED'],
      ['a refusal of what may be an entry', answered('InvalidParameter', 400), 'a? InvalidParameter'],
    ] as const) {
      it(what, () => {
        expect(fatesBy([LOST, later])).to.deep.equal([told]);
        expect(fatesBy([answered('Throttling', 400), LOST, later])).to.deep.equal([told]);
        expect(fatesBy([LOST, later], 3, Groups)).to.deep.equal([told]);
      });
    }

    it("a refusal of the entry, by the sender's fault or the receiver's", () => {
      expect(fateBy((attempt) => (attempt === 1 ? 'unmentioned' : REFUSED))).to.equal('a? InvalidParameter');
      expect(fateBy((attempt) => (attempt === 1 ? 'unmentioned' : BUSY))).to.equal('a? InternalError');
    });

    it('the end of the client while it waits to be tried again', () => {
      expect(fatesAtClose(fakeTopic({ failure: () => LOST }).calls)).to.deep.equal(['45: a? CloseTimeout']);
    });

    it('but a receipt is a receipt', () => {
      expect(fatesBy([LOST, undefined])).to.deep.equal(['a ok']);
    });

    it('its error says so and keeps what it came of; the event says so as well', () => {
      marbles(({ cold, flush }) => {
        const ends = [LOST, answered('AccessDenied', 403)];
        const { client, events } = fakeProducer({ failure: (nth) => ends[nth - 1] });
        const errors = new Subject<Error>();
        const messages = record(errors.pipe(map(({ message }) => message)));
        cold('a')
          .pipe(publishTo(client, Words))
          .subscribe((result) => {
            if (result._tag === 'Left') errors.next(result.left.error);
          });
        flush();
        expect(messages.join()).to.contain(
          'PublishBatch failed: AccessDenied (SNS may have the value: an earlier request had no answer)',
        );
        expect(events.at(-1)).to.deep.include({ type: 'publishFailed', attempts: 2, outcomeUnknown: true });
      });
    });
  });
});

const NEVER_ANSWERED: Partial<AwsCalls> = { publishBatch: () => NEVER };

/** The fates, each with its time, of values that go one by one, of a client that is closed at once and may take 50 ms. */
function fatesAtClose(calls: Partial<AwsCalls>, count = 1): readonly string[] {
  let fates: readonly string[] = [];
  marbles((helpers) => {
    const { client } = fakeClient(calls, { timeoutMs: 50 });
    const source = helpers.cold(['a', '(ab)'][count - 1] ?? 'a');
    // The jitter of the first retry waits longer than the client.
    fates = record(source.pipe(publishTo(client, { ...Words, maxMessageBytes: 3 }, { maxRequests: 1 }), map(fate)));
    at(helpers, 0, () => {
      client.close().catch(() => undefined);
    });
    helpers.flush();
  });
  return fates;
}
