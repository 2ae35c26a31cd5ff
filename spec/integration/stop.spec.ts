import { expect } from 'chai';
import * as t from 'io-ts';
import { firstValueFrom, lastValueFrom, map, of, range, ReplaySubject, Subject, timer, toArray } from 'rxjs';
import { ackMap, fromTopic, provision, publishTo, runConsumer, topic } from '../../src/index.js';
import { useEmulator, type Watched } from './emulated.js';

const Numbers = topic('numbers', t.number);
const QUEUE = 'dev-numbers-queue';
const COUNT = 500;
const MIDDLE = 200;
const ALL = Array.from({ length: COUNT }, (_, number) => number);

const ascending = (numbers: readonly number[]): readonly number[] => [...numbers].sort((a, b) => a - b);

describe(`stop in the middle of ${String(COUNT)} messages`, function () {
  this.timeout(20_000);
  const emulation = useEmulator();
  let first: Watched;
  let handled: number[];
  let underWork: number;
  /** Emits once work is under way in the middle of all. */
  let inTheMiddle: ReplaySubject<void>;
  /** Emits once the consumer was told to stop. */
  let told: ReplaySubject<void>;
  beforeEach(async () => {
    handled = [];
    underWork = 0;
    inTheMiddle = new ReplaySubject(1);
    told = new ReplaySubject(1);
    first = emulation.connect();
    await lastValueFrom(provision(first.client, Numbers));
    await lastValueFrom(range(COUNT).pipe(publishTo(first.client, Numbers), toArray()));
  });

  /** Takes its time, some numbers more than others; in the middle until the stop, so that there is work under way then. */
  async function handle(number: number): Promise<void> {
    underWork += 1;
    if (handled.length >= MIDDLE) {
      inTheMiddle.next();
      await firstValueFrom(told);
    }
    await lastValueFrom(timer((number * 7) % 23));
    underWork -= 1;
    handled.push(number);
  }

  /** What no one has handled is in the queue, for all to see; and nothing is that was handled. */
  async function expectNoneLost(): Promise<void> {
    expect(underWork).to.equal(0);
    const { visible, inFlight } = await emulation.holding(QUEUE);
    expect(inFlight).to.deep.equal([]);
    const left = visible.map(({ body }) => Number(body));
    expect(ascending([...handled, ...left])).to.deep.equal(ALL);
    expect(left).not.to.have.lengthOf(0);
  }

  /** The next consumer gets the rest, at once. */
  async function expectTheRest(): Promise<void> {
    const second = emulation.connect();
    const rest = COUNT - handled.length;
    const numbers = await lastValueFrom(
      fromTopic(second.client, Numbers, { stop: second.seen('settled', rest) }).pipe(
        ackMap((number) => of(number)),
        toArray(),
      ),
    );
    expect(ascending([...handled, ...numbers])).to.deep.equal(ALL);
    expect(await emulation.atRest(QUEUE)).to.deep.equal({ visible: [], inFlight: [] });
  }

  it('by a signal: runConsumer resolves when what was under way is handled and settled', async () => {
    const controller = new AbortController();
    const stopped = runConsumer(first.client, Numbers, handle, { signal: controller.signal });
    await firstValueFrom(inTheMiddle);
    controller.abort();
    told.next();
    expect(underWork).to.be.greaterThan(0);
    await stopped;
    await expectNoneLost();
    await expectTheRest();
  });

  it('by `stop`: the stream completes then', async () => {
    const stop = new Subject<void>();
    const numbers = lastValueFrom(
      fromTopic(first.client, Numbers, { stop }).pipe(
        ackMap((number) => handle(number).then(() => number)),
        toArray(),
      ),
    );
    await firstValueFrom(inTheMiddle);
    stop.next();
    told.next();
    expect(await numbers).to.deep.equal(handled);
    await expectNoneLost();
    await expectTheRest();
  });

  it('by client.close(): it resolves then', async () => {
    const numbers = lastValueFrom(fromTopic(first.client, Numbers).pipe(ackMap(handle), toArray()));
    await firstValueFrom(inTheMiddle);
    const closed = first.client.close();
    told.next();
    await closed;
    expect(await numbers).to.have.lengthOf(handled.length);
    await expectNoneLost();
    await expectTheRest();
  });

  it('one at a time, and stopped by the handler itself', async () => {
    const controller = new AbortController();
    await runConsumer(
      first.client,
      Numbers,
      async (number) => {
        await handle(number);
        if (handled.length === 50) controller.abort();
      },
      { signal: controller.signal, maxInFlight: 1 },
    );
    expect(handled).to.have.lengthOf(50);
    await expectNoneLost();
  });

  it('by close() although a handler never ends: what it held is released within timeoutMs', async () => {
    const hasty = emulation.connect({ timeoutMs: 1_000 });
    const numbers = lastValueFrom(
      fromTopic(hasty.client, Numbers, { maxInFlight: 20, visibilityTimeoutSeconds: 600 }).pipe(
        ackMap((number) => (number === 13 ? new Subject<number>() : timer(1).pipe(map(() => number)))),
        toArray(),
      ),
    );
    await hasty.seen('handled', MIDDLE);
    await hasty.client.close();
    handled = await numbers;
    await expectNoneLost();
    expect(handled).not.to.include(13);
  });
});
