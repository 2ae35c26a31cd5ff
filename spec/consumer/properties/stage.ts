import { asyncScheduler, timer } from 'rxjs';
import { handleOf } from '../../../src/testing/receiptHandle.js';
import { type Consumer, createConsumer } from './consumer.js';
import type { Consumption } from './scenario.js';
import { createWitness, type Witness } from './witness.js';
import { createPlan } from './work.js';
import type { World } from './world.js';

const nothing = (): void => undefined;

/** Sets a scenario going: what is published, what fails, who consumes. */
export function setGoing(world: World) {
  const { first, second, bursts, faults, outages } = world.scenario;
  const plan = createPlan();
  const consumers: Consumer[] = [];
  const witnesses: Witness[] = [];
  let steps = 0;
  let published = 0;

  /** A step of the script: until it was taken, the play is not over. */
  const after = (ms: number, take: () => void): void => {
    steps += 1;
    timer(ms).subscribe(() => {
      take();
      steps -= 1;
    });
  };

  const consume = (
    consumption: Consumption,
    next: { sameAs?: Witness | undefined; onEnd?: () => void; onOver?: () => void },
  ): void => {
    const { sameAs, onEnd = nothing, onOver = nothing } = next;
    const client = sameAs?.client ?? world.broker.connect();
    const label = `consumer ${String(consumers.length + 1)}`;
    const witness = sameAs ?? createWitness(world, client, label);
    if (sameAs === undefined) witnesses.push(witness);
    const consumer = createConsumer(world, plan, consumption, witness, label, onOver);
    consumers.push(consumer);
    after(consumption.startsAt, () => {
      consumer.start();
      if (consumption.endsAfter === undefined) return;
      after(consumption.endsAfter, () => {
        consumer.end();
        onEnd();
      });
    });
  };

  for (const { operation, plan: fault } of faults) world.broker.fail(operation, fault);
  for (const { from, lastsMs } of outages) world.broker.outage({ from, to: from + lastsMs });
  for (const burst of bursts) {
    after(burst.at, () => {
      for (let count = 0; count < burst.count; count += 1) {
        published += 1;
        const name = `${burst.group}${String(published)}`;
        plan.add(name, burst);
        world.publish(name, burst.isPoison);
      }
    });
  }
  const takesOver = second !== undefined && second.comes !== 'meanwhile' && first.endsAfter !== undefined;
  const takeOver = (sameAs?: Witness): void => {
    steps -= 1;
    if (second !== undefined) consume(second, { sameAs });
  };
  // On the client of the first it comes when that is over, so that what each does can be told apart.
  const isSame = second?.comes === 'afterOnSameClient' && first.ending !== 'close';
  steps += Number(takesOver);
  if (!takesOver) consume(first, {});
  else consume(first, isSame ? { onOver: () => takeOver(witnesses[0]) } : { onEnd: takeOver });
  if (second !== undefined && !takesOver) consume(second, {});

  /** What a consumer held comes back in time, unless it was told to come later. */
  const checkVisibility = (): void => {
    const longest = Math.max(first.visibilityTimeoutSeconds, second?.visibilityTimeoutSeconds ?? 0);
    for (const message of world.queue.messages) {
      const handle = handleOf(world.queue.name, message);
      const said = witnesses.map(({ ownerOf }) => ownerOf(handle)).find((owner) => owner !== undefined)?.said;
      const isLate = message.visibleAt > asyncScheduler.now() + longest * 1_000;
      if (isLate && said?.kind !== 'retryAfter' && said?.kind !== 'reject')
        world.complain(`${message.body} is kept back`);
    }
  };

  return {
    consumers,
    isScriptOver: (): boolean => steps === 0,
    check: (): void => {
      for (const { checkSettled } of witnesses) checkSettled();
      for (const { checkLetGo } of consumers) checkLetGo();
      world.checkNothingLost();
      checkVisibility();
    },
    clients: (): readonly Witness['client'][] => witnesses.map(({ client }) => client),
  };
}
