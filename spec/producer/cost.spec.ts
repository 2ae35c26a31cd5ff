import { expect } from 'chai';
import { asyncScheduler, concatMap, from, map, type Observable, range, take, timer } from 'rxjs';
import { publishFrom } from '../../src/producer/publishFrom.js';
import { publishTo } from '../../src/producer/publishTo.js';
import { type FakeProducer, fakeProducer, timesOf, Words } from '../helpers/fakeProducer.js';
import { marbles } from '../helpers/marbles.js';

const VALUES = 5_000;

/** A request for ten values is 0.1; the rest is for the beginning and the end. */
const MOST_CALLS = 0.11;

/** Publishes `VALUES` values as fast as they are taken, or faster. */
type Load = (producer: FakeProducer) => Observable<unknown>;

const words = Array.from({ length: VALUES }, (_, index) => String(index));

/** So many values together, each millisecond. */
const everyMs = (count: number): Observable<string> =>
  timer(0, 1).pipe(
    concatMap((ms) => range(ms * count, count)),
    take(VALUES),
    map((value) => String(value)),
  );

/** Each result hands in the next value; twice as many wait as the requests carry. */
const keptFull: Load = ({ sink }) => {
  const values = words.values();
  const sink$ = sink();
  const handIn = (): void => {
    const { done, value } = values.next();
    if (done === true) sink$.complete();
    else sink$.next(value);
  };
  sink$.subscribe(handIn);
  for (let count = 0; count < 400; count += 1) handIn();
  return sink$;
};

/** Requests of a load, and when the last of them has its answer. */
function costOf(load: Load, latencyMs: number): { readonly requests: number; readonly tookMs: number } {
  const producer = fakeProducer({ latencyMs });
  let tookMs = NaN;
  marbles((m) => {
    load(producer).subscribe({ complete: () => (tookMs = asyncScheduler.now()) });
    m.flush();
  });
  expect(producer.sns.accepted).to.have.members(words);
  return { requests: timesOf(producer.sns.log).length, tookMs };
}

describe('Producer: cost', () => {
  for (const latencyMs of [5, 20]) {
    const loads: Readonly<Record<string, Load>> = {
      'publishFrom of an array': ({ client }) => publishFrom(client, Words, words),
      'publishTo of what comes all at once': ({ client }) => from(words).pipe(publishTo(client, Words)),
      // 20 requests take 200 values in the time of an answer.
      'publishTo of what comes little faster than SNS takes it': ({ client }) =>
        everyMs(Math.ceil((1.1 * 200) / latencyMs)).pipe(publishTo(client, Words)),
      'toTopic that is kept full by its results': keptFull,
    };
    for (const [name, load] of Object.entries(loads)) {
      it(`is one request for ten values: ${name}, with answers after ${latencyMs} ms`, () => {
        expect(costOf(load, latencyMs).requests / VALUES).to.be.at.most(MOST_CALLS);
      });
    }

    it(`is a tenth of the time of one request after the other, with answers after ${latencyMs} ms`, () => {
      const oneByOneMs = (VALUES / 10) * latencyMs;
      for (const load of Object.values(loads)) {
        expect(costOf(load, latencyMs).tookMs).to.be.at.most(oneByOneMs / 10);
      }
    });
  }
});
