import { expect } from 'chai';
import { asyncScheduler, defer, of } from 'rxjs';
import { paced } from '../../src/client/paced.js';
import { publishTo } from '../../src/producer/publishTo.js';
import { topic } from '../../src/topic.js';
import * as t from 'io-ts';
import { fakeClient } from '../helpers/fakeClient.js';
import { at, marbles } from '../helpers/marbles.js';

describe('paced', () => {
  /** Calls, and when each began. */
  function recording() {
    const begun: string[] = [];
    const call = (name: string) =>
      defer(() => {
        begun.push(`${name}@${String(asyncScheduler.now())}`);
        return of(name);
      });
    return { begun, call };
  }

  it('lets calls begin evenly, in order, no more a second than that', () => {
    marbles((m) => {
      const { begun, call } = recording();
      const limited = paced(call, 10);
      at(m, 0, () => {
        for (const name of ['a', 'b', 'c']) limited(name).subscribe();
      });
      at(m, 250, () => {
        limited('d').subscribe();
      });
      at(m, 1_000, () => {
        for (const name of ['e', 'f']) limited(name).subscribe();
      });
      m.flush();
      expect(begun).to.deep.equal(['a@0', 'b@100', 'c@200', 'd@300', 'e@1000', 'f@1100']);
    });
  });

  it('makes no call that was given up while it waited', () => {
    marbles((m) => {
      const { begun, call } = recording();
      const limited = paced(call, 1);
      at(m, 0, () => {
        limited('a').subscribe();
        const waiting = limited('b').subscribe();
        at(m, 500, () => {
          waiting.unsubscribe();
        });
      });
      m.flush();
      expect(begun).to.deep.equal(['a@0']);
    });
  });

  it('makes every call at once without a limit', () => {
    marbles((m) => {
      const { begun, call } = recording();
      const limited = paced(call);
      at(m, 0, () => {
        for (const name of ['a', 'b']) limited(name).subscribe();
      });
      m.flush();
      expect(begun).to.deep.equal(['a@0', 'b@0']);
    });
  });

  it('is what rateLimit of a client does to publish requests; a wait is no timeout', () => {
    marbles((m) => {
      const sentAt: number[] = [];
      const { client } = fakeClient(
        {
          publishBatch: ({ entries }) => {
            sentAt.push(asyncScheduler.now());
            return of({ successful: entries.map(({ id }) => ({ id, messageId: id })), failed: [] });
          },
        },
        { rateLimit: 0.02, timeoutMs: 1_000 },
      );
      const words = m.cold('a 99ms b 99ms (c|)');
      const results: unknown[] = [];
      words.pipe(publishTo(client, topic('words', t.string))).subscribe(({ _tag }) => results.push(_tag));
      m.flush();
      expect(sentAt).to.deep.equal([0, 50_000, 100_000]);
      expect(results).to.deep.equal(['Right', 'Right', 'Right']);
    });
  });
});
