import { expect } from 'chai';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, of, range, toArray } from 'rxjs';
import { ackMap, fromTopic, provision, publishTo } from '../../src/index.js';
import { killAll, type Program, startFile } from '../examples/program.js';
import { type StoredMessage, useEmulator } from './emulated.js';
import { Numbers } from './killed/numbers.js';

/** The program beside this file, compiled or not as this is. */
const PROGRAM = fileURLToPath(new URL(`./killed/consumer${extname(import.meta.url)}`, import.meta.url));

const QUEUE = 'dev-numbers-queue';
const KILLS = 3;
const KILLED_COUNT = 5_000;
const STOPPED_COUNT = 1_000;

const numbersOf = (messages: readonly StoredMessage[]): readonly number[] => messages.map(({ body }) => Number(body));
const ascending = (numbers: Iterable<number>): readonly number[] => [...numbers].sort((a, b) => a - b);
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);
const randomBelow = (bound: number): number => Math.floor(Math.random() * bound);

/** How often each is there. */
function tally(numbers: readonly number[]): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  for (const number of numbers) times.set(number, (times.get(number) ?? 0) + 1);
  return times;
}

/** The numbers a consumer has said it has handled. */
const saidIn = (stdout: string): readonly number[] =>
  Array.from(stdout.matchAll(/^\d+: (\d+)$/gm), ([, number]) => Number(number));

/** Resolves once a consumer has handled so many. */
const handles = (consumer: Program, count: number): Promise<unknown> =>
  consumer.says(new RegExp(`^${String(count)}: `, 'm'));

describe('a consumer whose process ends', function () {
  this.timeout(60_000);
  // Before the emulator goes.
  afterEach(killAll);
  const emulation = useEmulator();

  const publish = async (count: number): Promise<void> => {
    const { client } = emulation.connect();
    await lastValueFrom(provision(client, Numbers));
    await lastValueFrom(range(count).pipe(publishTo(client, Numbers), toArray()));
  };

  const consume = (visibilityTimeoutSeconds: number, longestMs: number): Program =>
    startFile(PROGRAM, {}, [emulation.url(), String(visibilityTimeoutSeconds), String(longestMs)]);

  // In the title, so that every failure tells them.
  const kills = ascending(upTo(KILLS).map(() => 1 + randomBelow(KILLED_COUNT - 1)));

  it(`by SIGKILL, at random, after ${kills.join(', ')} of ${String(KILLED_COUNT)} messages: handles every one, and twice only what was in flight`, async () => {
    await publish(KILLED_COUNT);
    const handled: number[] = [];
    /** By receipt: until that is over, the next one finds in flight what the one before has held. */
    const held = new Map<string, number>();
    let left = KILLED_COUNT;
    for (const kill of kills) {
      const consumer = consume(5, 100);
      await handles(consumer, Math.max(1, kill - handled.length));
      consumer.kill('SIGKILL');
      const { stdout } = await consumer.ended;
      handled.push(...saidIn(stdout));
      // Also what was handled, and whose delete had not got there.
      const { visible, inFlight } = await emulation.holding(QUEUE);
      for (const { receiptHandle, body } of inFlight) held.set(receiptHandle, Number(body));
      left = visible.length;
    }

    const last = consume(5, 100);
    // At a late kill all that is left may be in flight.
    if (left > 0) await handles(last, left);
    // What the dead one held comes back, and goes the same way.
    await emulation.until(QUEUE, ({ visible, inFlight }) => visible.length + inFlight.length === 0);
    last.kill('SIGTERM');
    const { code, stdout, stderr } = await last.ended;
    expect(code, stderr).to.equal(0);
    handled.push(...saidIn(stdout));

    const handledTimes = tally(handled);
    expect(upTo(KILLED_COUNT).filter((number) => !handledTimes.has(number))).to.deep.equal([]);
    // Once more for each kill at which it was in flight.
    const heldTimes = tally([...held.values()]);
    const tooOften = [...handledTimes].filter(([number, times]) => times > 1 + (heldTimes.get(number) ?? 0));
    expect(tooOften).to.deep.equal([]);
    expect(handled.length - KILLED_COUNT).to.be.at.most(held.size);
  });

  const stop = 1 + randomBelow(STOPPED_COUNT / 2);

  it(`by SIGTERM, after ${String(stop)} of ${String(STOPPED_COUNT)}: finishes what is under way, ends within a second, and others get the rest at once`, async () => {
    await publish(STOPPED_COUNT);
    // So long that nothing comes back by itself.
    const consumer = consume(600, 300);
    await handles(consumer, stop);
    consumer.kill('SIGTERM');
    const { code, stdout, stderr } = await consumer.ended;
    expect(code, stderr).to.equal(0);
    const { visible, inFlight } = await emulation.holding(QUEUE);
    expect(inFlight).to.deep.equal([]);

    const [, underWay] = /^stopping, (\d+) under way$/m.exec(stdout) ?? [];
    expect(Number(underWay)).to.be.greaterThan(0);
    // By the clock of that process: this one is busy with the emulator.
    const [, left, ms] = /^stopped, (\d+) under way, (\d+) ms after the last$/m.exec(stdout) ?? [];
    expect(left).to.equal('0');
    expect(Number(ms)).to.be.lessThan(1_000);

    const handled = saidIn(stdout);
    const rest = numbersOf(visible);
    expect(rest).not.to.have.lengthOf(0);
    expect(ascending([...handled, ...rest])).to.deep.equal(upTo(STOPPED_COUNT));
    const second = emulation.connect();
    const others$ = fromTopic(second.client, Numbers, { stop: second.seen('settled', rest.length) });
    const others = await lastValueFrom(
      others$.pipe(
        ackMap((number) => of(number)),
        toArray(),
      ),
    );
    expect(ascending(others)).to.deep.equal(ascending(rest));
  });
});
