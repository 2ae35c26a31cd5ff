import { expect } from 'chai';
import * as t from 'io-ts';
import { lastValueFrom, NEVER, of, range, take, toArray } from 'rxjs';
import { ackMap, fromTopic, provision, publishTo, topic } from '../../src/index.js';
import { useEmulator, type Watched } from './emulated.js';

const Numbers = topic('numbers', t.number);
const QUEUE = 'dev-numbers-queue';

describe('unsubscribe', () => {
  const emulation = useEmulator();
  let first: Watched;
  beforeEach(async () => {
    first = emulation.connect();
    await lastValueFrom(provision(first.client, Numbers));
  });

  const publish = (count: number) => lastValueFrom(range(count).pipe(publishTo(first.client, Numbers), toArray()));
  const numbers = (bodies: readonly { readonly body: string }[]) => bodies.map(({ body }) => Number(body)).sort();

  // With credit to spare a poll is under way when the stream is unsubscribed; without, none is.
  for (const maxInFlight of [5, 100]) {
    it(`releases at once what is under work, with ${String(maxInFlight)} in flight at most`, async () => {
      await publish(5);
      const consumer = fromTopic(first.client, Numbers, { maxInFlight, visibilityTimeoutSeconds: 600 })
        .pipe(ackMap(() => NEVER))
        .subscribe();
      await first.seen('received', 5);
      consumer.unsubscribe();
      await first.seen('stopped');
      // Well before the ten minutes are over.
      const { visible } = await emulation.atRest(QUEUE);
      expect(numbers(visible)).to.deep.equal([0, 1, 2, 3, 4]);
    });
  }

  it('leaves what was acknowledged acknowledged, and what was not to the next consumer, at once', async () => {
    await publish(40);
    const handled: number[] = [];
    const work$ = fromTopic(first.client, Numbers, { visibilityTimeoutSeconds: 600 }).pipe(
      ackMap((number) => (number % 2 === 0 ? of(number) : NEVER)),
    );
    const consumer = work$.subscribe((number) => handled.push(number));
    await first.seen('settled', 20, ({ settlement }) => settlement === 'ack');
    consumer.unsubscribe();
    await first.seen('stopped');

    const second = emulation.connect();
    const rest = await lastValueFrom(
      fromTopic(second.client, Numbers, { stop: second.seen('settled', 20) }).pipe(
        ackMap((number) => of(number)),
        toArray(),
      ),
    );
    expect([...handled, ...rest].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 40 }, (_, n) => n));
    expect(handled.every((number) => number % 2 === 0)).to.equal(true);
    expect(await emulation.atRest(QUEUE)).to.deep.equal({ visible: [], inFlight: [] });
  });

  it('of `take` releases what was handed out and not settled', async () => {
    await publish(30);
    const taken = await lastValueFrom(
      fromTopic(first.client, Numbers, { visibilityTimeoutSeconds: 600 }).pipe(
        ackMap((number) => of(number)),
        take(3),
        toArray(),
      ),
    );
    await first.seen('stopped');
    const { visible } = await emulation.atRest(QUEUE);
    // The third is handed on before the work on it completes: unsubscribed then, it is not acknowledged.
    expect(numbers(visible)).to.include.members(taken.slice(2));
    expect(visible).to.have.lengthOf(28);
  });
});
