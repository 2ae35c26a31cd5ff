import { expect } from 'chai';
import { map, NEVER, Subject } from 'rxjs';
import type { BatchResponse, MessagingClient, PublishedEntry } from '../../../src/client/client.js';
import { publishTo } from '../../../src/producer/publishTo.js';
import { toTopic } from '../../../src/producer/toTopic.js';
import { fakeClient } from '../../helpers/fakeClient.js';
import { fakeProducer, fate, RECEIPTS, Words } from '../../helpers/fakeProducer.js';
import { brief, BUSY } from '../../helpers/fakeTopic.js';
import { at, marbles } from '../../helpers/marbles.js';
import { watchUnhandled } from '../../helpers/watchUnhandled.js';

type Answer = BatchResponse<PublishedEntry>;

describe('Producer: close()', () => {
  const unhandled = watchUnhandled();

  describe('`client.close()` waits for what was accepted; values that come after it fail with an AWSConnectionError (`ClientClosed`).', () => {
    it('waits for what is under way, what waits for a request, and what is tried again', () => {
      marbles((helpers) => {
        const { client, results, sns } = fakeProducer({
          fare: (value, attempt) => (value === 'a' && attempt === 1 ? BUSY : 'accepted'),
        });
        const source = helpers.cold('  abc                  ');
        const expected = '             --------(BC) 20ms A  ';
        const closed = '               -------- 24ms     c  ';
        at(helpers, 3, () => void client.close());
        const results$ = results(source, { maxRequests: 1, backoff: () => 24 });
        helpers.expectObservable(results$).toBe(expected, RECEIPTS);
        helpers.expectObservable(client.port.closed$).toBe(closed, { c: undefined });
        helpers.flush();
        expect(sns.log).to.deep.equal(['0: a', '4: b c', '28: a']);
      });
    });

    it('values that come after it fail with `ClientClosed`, and the sink goes on to its end', () => {
      marbles((helpers) => {
        const { client, sns } = fakeProducer();
        const sink = toTopic(client, Words);
        const source = helpers.cold('ab-c--d|');
        const expected = '           ---CABD|';
        source.subscribe(sink);
        at(helpers, 2, () => void client.close());
        helpers.expectObservable(sink.pipe(map(brief))).toBe(expected, {
          ...RECEIPTS,
          C: 'c! ClientClosed',
          D: 'd! ClientClosed',
        });
        helpers.flush();
        expect(sns.log).to.deep.equal(['0: a', '1: b']);
      });
    });

    it('it waits for no sink without values, and for none whose values all have their result', () => {
      marbles((helpers) => {
        const { client } = fakeProducer();
        const sink = toTopic(client, Words);
        sink.subscribe();
        helpers.cold('a').subscribe(sink);
        at(helpers, 6, () => void client.close());
        helpers.expectObservable(client.port.closed$).toBe('------c', { c: undefined });
      });
    });
  });

  describe('when it has no time left', () => {
    const closeSoon = (client: MessagingClient) => {
      client.close().catch(() => undefined);
    };

    it('each value is told whether SNS may have it, once; requests end, and nothing is sent any more', () => {
      marbles((helpers) => {
        const { cold, expectObservable, expectSubscriptions } = helpers;
        const [first, second] = [cold<Answer>('-'), cold<Answer>('-')];
        const answers = [first, second];
        const { client, requests } = fakeClient({ publishBatch: () => answers.shift() ?? NEVER }, { timeoutMs: 50 });
        const source = cold('abc|');
        at(helpers, 3, () => closeSoon(client));
        const fates$ = source.pipe(publishTo(client, Words, { maxRequests: 2 }), map(fate));
        // The first request would have its timeout at 50; the client waits for nine tenths of that.
        expectObservable(fates$).toBe('48ms (abc|)', {
          a: 'a? CloseTimeout',
          b: 'b? CloseTimeout',
          c: 'c! CloseTimeout',
        });
        expectSubscriptions(first.subscriptions).toBe('^ 47ms !');
        expectSubscriptions(second.subscriptions).toBe('-^ 46ms !');
        helpers.flush();
        expect(requests).to.have.lengthOf(2);
        expect(unhandled()).to.deep.equal([]);
      });
    });

    it('what waits to be tried again is given up', () => {
      marbles((helpers) => {
        const { client, results, sns } = fakeProducer({ fare: () => BUSY, settings: { timeoutMs: 50 } });
        const results$ = results(helpers.cold('a'), { backoff: () => 60_000 });
        at(helpers, 3, () => closeSoon(client));
        helpers.expectObservable(results$).toBe('48ms A', { A: 'a! CloseTimeout' });
        helpers.flush();
        expect(sns.log).to.deep.equal(['0: a']);
        expect(helpers.scheduler.now()).to.be.lessThan(60_000);
      });
    });

    it('in the middle of the answers of a batch: what failed is not tried again', () => {
      marbles((helpers) => {
        const { client, sns } = fakeProducer({ fare: (value) => (value === 'c' ? BUSY : 'accepted') });
        const killed = new Subject<void>();
        const sink = toTopic({ ...client, port: { ...client.port, killed$: killed } }, Words);
        sink.subscribe(({ _tag }) => {
          if (_tag === 'Right') killed.next();
        });
        const source = helpers.cold('(abc)');
        // Whoever is told first brings it about.
        const expected = '           ----(BCA)';
        source.subscribe(sink);
        const results = { A: 'a: id-a', B: 'b! CloseTimeout', C: 'c! CloseTimeout' };
        helpers.expectObservable(sink.pipe(map(brief))).toBe(expected, results);
        helpers.flush();
        expect(sns.log).to.deep.equal(['0: a b c']);
      });
    });
  });
});
