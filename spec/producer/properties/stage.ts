import { asyncScheduler, timer } from 'rxjs';
import { createDesk, type Desk } from './desk.js';
import type { Item } from './item.js';
import { useTopic } from './lines.js';
import { createListener } from './listener.js';
import { createOneByOne } from './oneByOne.js';
import type { Producer, ProducerParts } from './producer.js';
import { createReading } from './reading.js';
import type { Door, Production } from './scenario.js';
import { createSink } from './sink.js';
import { createStream } from './stream.js';
import { watchRequests } from './watchRequests.js';
import type { World } from './world.js';

const DOORS: Readonly<Record<Door, <A>(parts: ProducerParts<A>) => Producer>> = {
  toTopic: createSink,
  publishTo: createStream,
  publishFrom: createReading,
  publishEvent: createOneByOne,
};

/** A desk makes the values of its own topic. */
const valueOf = ({ value }: Item): never => value as never;

/** Sets a scenario going: who publishes what, what fails, when the client is closed. */
export function setGoing(world: World) {
  const { productions, faults, outages, latencies, closesAt } = world.scenario;
  const { broker, complain } = world;
  const desks: Desk[] = [];
  const producers: Producer[] = [];
  const deskOf = (item: Item): Desk | undefined => desks.find(({ items }) => items.includes(item));
  const calls = { ...broker.port.calls, ...watchRequests(world, deskOf) };
  const client = { ...broker, port: { ...broker.port, calls } };
  let steps = 0;
  let closingSince: number | undefined;
  let isClosed = false;

  /** A step of the script: until it was taken, the play is not over. */
  const after = (ms: number, take: () => void): void => {
    steps += 1;
    timer(ms).subscribe(() => {
      steps -= 1;
      take();
    });
  };

  const close = (): void => {
    if (closingSince !== undefined) return;
    const since = asyncScheduler.now();
    closingSince = since;
    broker.port.closed$.subscribe(() => {
      isClosed = true;
      const ms = asyncScheduler.now() - since;
      if (ms > broker.port.settings.timeoutMs) complain(`close() took ${String(ms)} ms`);
      for (const { label, pending } of desks) {
        if (pending() > 0) complain(`${label}: closed, with ${String(pending())} values without a result`);
      }
    });
    world.promises.push(broker.close().catch((error: unknown) => complain(`close() failed with ${String(error)}`)));
  };

  const produce = (production: Production, label: string): void => {
    const react = (heard: number): void => {
      for (const { does } of production.reactions.filter((reaction) => reaction.after === heard)) {
        const [burst] = production.bursts;
        if (does === 'complete') producer.end();
        else if (does === 'unsubscribe') producer.unsubscribe();
        else if (does === 'close') close();
        else if (burst !== undefined) producer.handIn({ ...burst, count: does === 'handIn' ? 1 : 15 });
      }
    };
    const producer = useTopic<Producer>(
      production,
      label,
      (id) => world.items.get(id),
      (topic, makeValue) => {
        const desk = createDesk(world, production, label, ({ parcel, type, burst }) =>
          // What no codec takes.
          burst.flaw === 'codec' ? { id: parcel.id } : makeValue(parcel, type),
        );
        desks.push(desk);
        world.open(topic, desk.arrive);
        const listener = createListener(world, desk, react);
        return DOORS[production.door]({ world, client, desk, topic, listener, valueOf, close, after });
      },
    );
    producers.push(producer);
    after(0, producer.begin);
    if (production.door !== 'publishFrom') {
      for (const burst of production.bursts) after(burst.at, () => producer.handIn(burst));
    }
    if (production.endsAt !== undefined) after(production.endsAt, producer.end);
    if (production.unsubscribesAt !== undefined) after(production.unsubscribesAt, producer.unsubscribe);
  };

  for (const fault of faults) broker.fail('publish', fault);
  for (const { from, lastsMs, error } of outages) broker.outage({ from, to: from + lastsMs, error });
  for (const { at, ms } of latencies) after(at, () => broker.latency({ publish: ms }));
  for (const [index, production] of productions.entries()) produce(production, `topic-${String(index)}`);
  if (closesAt !== undefined) after(closesAt, close);

  return {
    close,
    steps: () => steps,
    isClosed: () => isClosed,
    /** The values that were given have their results. */
    isQuiet: () => steps === 0 && desks.every(({ pending }) => pending() === 0),
    /** What still goes on. */
    left: (): readonly string[] =>
      desks
        .filter((_desk, index) => producers[index]?.isOver() === false)
        .map(({ label, pending }) => `${label}, with ${String(pending())} values without a result,`),
    end: (): void => {
      for (const { end } of producers) end();
    },
    /** Failures that nobody observed, as the desks count them. */
    unobserved: () => desks.reduce((sum, { unobserved }) => sum + unobserved(), 0),
    check: (): void => {
      for (const { checkAll } of desks) checkAll();
      for (const [index, { faults: wrong }] of producers.entries()) {
        for (const fault of wrong()) complain(`topic-${String(index)}: ${fault}`);
      }
    },
  };
}
