import { expect } from 'chai';
import * as t from 'io-ts';
import { from, lastValueFrom, of, range, toArray } from 'rxjs';
import { ackMap, fromTopic, provision, publishTo, topic } from '../../src/index.js';
import { type Holding, useEmulator, type Watched } from './emulated.js';

const Numbers = topic('numbers', t.number);
const NOTHING: Holding = { visible: [], inFlight: [] };
const COUNT = 25;

describe('fan-out: services of one topic', () => {
  const emulation = useEmulator();
  const ascending = (numbers: readonly number[]): readonly number[] => [...numbers].sort((a, b) => a - b);
  const published = Array.from({ length: COUNT }, (_, index) => index);

  /** A service with a queue of its own. */
  async function start(service: string): Promise<Watched> {
    const watched = emulation.connect({ service });
    await lastValueFrom(provision(watched.client, Numbers));
    return watched;
  }

  /** What a service acknowledges until it has acknowledged so many. */
  const consume = ({ client, seen }: Watched, count: number): Promise<readonly number[]> =>
    lastValueFrom(
      fromTopic(client, Numbers, { stop: seen('settled', count) }).pipe(
        ackMap((value) => of(value)),
        toArray(),
      ),
    );

  it('each get every message', async () => {
    const billing = await start('billing');
    const audit = await start('audit');
    const consumed = Promise.all([consume(billing, COUNT), consume(audit, COUNT)]);
    await lastValueFrom(range(COUNT).pipe(publishTo(billing.client, Numbers)));

    expect((await consumed).map(ascending)).to.deep.equal([published, published]);
    expect(await emulation.atRest('dev-numbers-billing-queue')).to.deep.equal(NOTHING);
    expect(await emulation.atRest('dev-numbers-audit-queue')).to.deep.equal(NOTHING);
  });

  it('do not wait for each other: what one has not taken yet is kept for it', async () => {
    const billing = await start('billing');
    await start('audit');
    await lastValueFrom(range(COUNT).pipe(publishTo(billing.client, Numbers)));

    expect(ascending(await consume(billing, COUNT))).to.deep.equal(published);
    expect(await emulation.atRest('dev-numbers-billing-queue')).to.deep.equal(NOTHING);
    expect((await emulation.holding('dev-numbers-audit-queue')).visible).to.have.lengthOf(COUNT);
  });

  it('share the messages of one queue where two processes are one service', async () => {
    const one = await start('billing');
    const other = await start('billing');
    const taken: number[][] = [[], []];
    const all = Promise.all([one, other].map(({ seen }) => seen('started')));
    const stop = new AbortController();
    const ended = [one, other].map(({ client }, index) =>
      lastValueFrom(
        fromTopic(client, Numbers, { stop: stop.signal, maxInFlight: 2 }).pipe(
          ackMap((value) => {
            taken[index]?.push(value);
            if (taken.flat().length === COUNT) stop.abort();
            return of(value);
          }),
          toArray(),
        ),
      ),
    );
    await all;
    await lastValueFrom(from(published).pipe(publishTo(one.client, Numbers)));
    await Promise.all(ended);

    expect(ascending(taken.flat())).to.deep.equal(published);
    expect(taken.map(({ length }) => length > 0)).to.deep.equal([true, true]);
    expect(await emulation.atRest('dev-numbers-billing-queue')).to.deep.equal(NOTHING);
  });

  it('get only what was published since they subscribed', async () => {
    const billing = await start('billing');
    await lastValueFrom(of(1).pipe(publishTo(billing.client, Numbers)));
    const late = await start('late');
    await lastValueFrom(of(2).pipe(publishTo(billing.client, Numbers)));
    expect(await consume(late, 1)).to.deep.equal([2]);
    expect(ascending(await consume(billing, 2))).to.deep.equal([1, 2]);
  });
});
