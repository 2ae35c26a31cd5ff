import { expect } from 'chai';
import * as t from 'io-ts';
import { asyncScheduler, map, of } from 'rxjs';
import { createPace } from '../../src/producer/pace.js';
import { publishTo } from '../../src/producer/publishTo.js';
import { topic } from '../../src/topic.js';
import { brief, fakeTopic } from '../helpers/fakeTopic.js';
import { fakeClient } from '../helpers/fakeClient.js';
import { at, marbles } from '../helpers/marbles.js';

describe('createPace', () => {
  it('gives turns evenly, in order, no more a second than that', () => {
    marbles((m) => {
      const { turn$ } = createPace(() => 10);
      const turn = (name: string) => turn$.pipe(map(() => name));
      const abc = m.cold('    a--------');
      m.expectObservable(turn('a')).toBe('(a|)');
      m.expectObservable(turn('b')).toBe('100ms (b|)');
      m.expectObservable(turn('c')).toBe('200ms (c|)');
      m.expectObservable(turn('d'), '250ms ^').toBe('300ms (d|)');
      m.expectObservable(turn('e'), '1s ^').toBe('1s (e|)');
      m.expectObservable(turn('f'), '1s ^').toBe('1100ms (f|)');
      m.expectObservable(abc).toBe('a');
    });
  });

  it('gives the turn of one who left to the next, and runs no timer for an empty row', () => {
    marbles((m) => {
      const { turn$ } = createPace(() => 10);
      m.expectObservable(turn$).toBe('(t|)', { t: undefined });
      m.expectObservable(turn$, '^ 50ms !').toBe('-');
      m.expectObservable(turn$).toBe('100ms (t|)', { t: undefined });
      m.expectObservable(turn$, '^ 250ms !').toBe('200ms (t|)', { t: undefined });
    });
    const { turn$ } = createPace(() => 1);
    marbles((m) => {
      turn$.subscribe();
      turn$.subscribe().unsubscribe();
      m.flush();
      expect(m.scheduler.now()).to.equal(0);
    });
  });

  it('asks for the rate as turns come: who waits has the good of one that has recovered', () => {
    marbles((m) => {
      let perSecond = 1;
      const { turn$ } = createPace(() => perSecond);
      const times: number[] = [];
      for (let turn = 0; turn < 5; turn += 1) turn$.subscribe(() => times.push(asyncScheduler.now()));
      at(m, 1_500, () => {
        perSecond = 10;
      });
      m.flush();
      expect(times).to.deep.equal([0, 1_000, 2_000, 2_100, 2_200]);
    });
  });

  it('gives turns within turns in the same tick, and in order', () => {
    marbles((m) => {
      const { turn$ } = createPace(() => Infinity);
      const log: string[] = [];
      const within = (): unknown => turn$.subscribe(() => log.push('within'));
      turn$.subscribe(() => {
        within();
        log.push('first');
      });
      turn$.subscribe(() => log.push('next'));
      m.flush();
      expect(log).to.deep.equal(['first', 'within', 'next']);
    });
  });

  it('takes a turn at once where there is one, by the same count', () => {
    marbles((m) => {
      const { take, turn$ } = createPace(() => 10);
      expect([take(), take()]).to.deep.equal([true, false]);
      m.expectObservable(turn$).toBe('100ms (t|)', { t: undefined });
      at(m, 150, () => expect(take()).to.equal(false));
      at(m, 200, () => expect([take(), take()]).to.deep.equal([true, false]));
    });
  });

  it('takes no turn before those who wait, nor while one is being given', () => {
    marbles((m) => {
      let perSecond = 1;
      const { take, turn$ } = createPace(() => perSecond);
      const taken: boolean[] = [take()];
      turn$.subscribe(() => taken.push(take()));
      at(m, 10, () => {
        perSecond = Infinity;
        taken.push(take());
      });
      m.flush();
      expect(taken).to.deep.equal([true, false, false]);
      expect(take()).to.equal(true);
    });
  });

  it('goes on at its rate when the clock is set back', () => {
    let turns = 0;
    const { turn$ } = createPace(() => 10);
    marbles((m) => {
      at(m, 3_600_000, () => turn$.subscribe(() => (turns += 1)));
    });
    // Each test's time begins at 0.
    marbles((m) => {
      m.expectObservable(turn$).toBe('100ms (t|)', { t: undefined });
    });
    expect(turns).to.equal(1);
  });

  it('waits in peace where a turn is further off than a timer can tell', () => {
    marbles((m) => {
      const { turn$ } = createPace(() => 1e-7);
      turn$.subscribe();
      let turns = 0;
      const waiting = turn$.subscribe(() => (turns += 1));
      at(m, 2 ** 31 + 5, () => {
        expect(turns).to.equal(0);
        waiting.unsubscribe();
      });
    });
  });

  it('makes nobody wait at Infinity, nor once it is', () => {
    marbles((m) => {
      let perSecond = 1;
      const { turn$ } = createPace(() => perSecond);
      const turns = { t: undefined };
      m.expectObservable(turn$).toBe('(t|)', turns);
      m.expectObservable(turn$).toBe('1s (t|)', turns);
      at(m, 2_000, () => {
        perSecond = Infinity;
      });
      m.expectObservable(turn$, '2001ms ^').toBe('2001ms (t|)', turns);
      m.expectObservable(turn$, '2001ms ^').toBe('2001ms (t|)', turns);
    });
  });

  it('gives the turns of 10 ms together where there are more than 100 a second: a timer knows no less than 1 ms', () => {
    marbles((m) => {
      const { turn$ } = createPace(() => 1_000);
      const times: number[] = [];
      for (let turn = 0; turn < 1_000; turn += 1) turn$.subscribe(() => times.push(asyncScheduler.now()));
      m.flush();
      expect(times.slice(0, 12)).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
      expect(times.at(-1)).to.equal(990);
    });
  });
});

describe('rateLimit', () => {
  it('caps the publish requests of a client a second; a wait is no timeout', () => {
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
      // b and c gathered while the second request waited for its turn.
      expect(sentAt).to.deep.equal([0, 50_000]);
      expect(results).to.deep.equal(['Right', 'Right', 'Right']);
    });
  });

  it('is one for all topics and sinks of the client, whose values gather meanwhile', () => {
    marbles((m) => {
      const sns = fakeTopic({ latencyMs: 1 });
      const { client } = fakeClient(sns.calls, { rateLimit: 10 });
      const publish = (name: string, marbles: string) =>
        m
          .cold(marbles)
          .pipe(publishTo(client, topic(name, t.string)), map(brief))
          .subscribe();
      publish('words', 'ab-c');
      publish('words', 'd-e-f');
      publish('letters', 'g-h-i');
      m.flush();
      expect(sns.log).to.deep.equal(['0: a', '100: d e f', '200: g h i', '300: b c']);
    });
  });
});
