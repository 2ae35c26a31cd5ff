import { asyncScheduler, ignoreElements, type Observable } from 'rxjs';
import { type Message, type MessagingClient, reject, type Settlement } from '../../../src/index.js';
import { type Delivery, isLeased, newDelivery, wordOf } from './delivery.js';
import { createLedger, type Outcome } from './ledger.js';
import type { Consumption } from './scenario.js';
import { watchCalls } from './watchCalls.js';
import type { World } from './world.js';

export type Witness = ReturnType<typeof createWitness>;

/** Watches one client: the calls it makes, the events it tells, what is said of its messages. */
export function createWitness(world: World, client: MessagingClient, label: string) {
  const complain = (complaint: string): void => world.complain(`${label}: ${complaint}`);
  const deliveries: Delivery[] = [];
  const latest = new Map<string, Delivery>();
  const handles = new Map<string, readonly string[]>();
  const owners = new Map<string, Delivery>();
  const ledger = createLedger(complain);
  const ofMessage = (id: string): readonly Delivery[] => deliveries.filter((delivery) => delivery.id === id);
  let options: Consumption | undefined;
  let mayReceive = false;
  let running = 0;

  /** What was handed out and not settled since: what is released or decided on out of sight is not counted. */
  const held = (): number => deliveries.filter(({ isHeld, isHandedOut }) => isHeld && isHandedOut).length;

  const watched = watchCalls({
    calls: client.port.calls,
    complain,
    consumption: () => options,
    mayCall: () => running > 0,
    mayReceive: () => mayReceive,
    held,
    known: (id) => latest.get(id),
    ofMessage,
    handles,
    owners,
  });

  /** What could not be decoded is not handed out: what becomes of it is said by the policy, or else it is rejected. */
  const judge = (id: string, settlement: Settlement): void => {
    const delivery = latest.get(id);
    if (delivery !== undefined) Object.assign(delivery, { isInvalid: true, isHeld: false, said: wordOf(settlement) });
  };

  const copied = (id: string): void => {
    const rejected = ofMessage(id).filter(({ said, answers }) => said?.kind === 'reject' && answers.length === 0);
    for (const delivery of rejected) delivery.isCopied = rejected.length === 1 ? 'yes' : 'maybe';
  };

  client.events$.subscribe((event) => {
    if (event.type === 'started') running += 1;
    if (event.type === 'stopped') {
      running -= 1;
      if (running === 0 && watched.polls() > 0) complain(`stopped, with ${String(watched.polls())} polls under way`);
    }
    if (event.type === 'received') {
      const handle = handles.get(event.id)?.at(-1) ?? '';
      const delivery = newDelivery(event.id, asyncScheduler.now());
      deliveries.push(delivery);
      latest.set(event.id, delivery);
      owners.set(handle, delivery);
    }
    if (event.type === 'settled' || event.type === 'settleFailed') {
      ledger.enter(event, ofMessage(event.id), (handles.get(event.id) ?? []).flatMap(world.arrivalsOf));
    }
    if (event.type === 'invalid' || event.type === 'leaseLost' || event.type === 'rejected') {
      const delivery = latest.get(event.id);
      // An answer that came too late for its leases is told of as lost, and was never received.
      if (delivery === undefined) return;
      if (event.type === 'invalid') judge(event.id, reject(undefined));
      if (event.type === 'rejected') copied(event.id);
      else if (event.type === 'leaseLost') delivery.isLost ||= isLeased(delivery);
      delivery.isHeld &&= event.type !== 'leaseLost';
    }
  });

  const settle = (delivery: Delivery, settlement: Settlement, message: Message<string>): Observable<void> => {
    const isFirst = delivery.isHeld && !isLost(message);
    if (isFirst) {
      delivery.said = wordOf(settlement);
      delivery.isHeld = false;
    }
    const answer$ = message.settle(settlement);
    const answered = (answer: Outcome['type']) => (): void => {
      if (isFirst) {
        delivery.answers.push(answer);
        if (!ledger.isLast(delivery.id, answer, delivery.said?.kind))
          complain(`${answer} of ${delivery.id} was not told`);
      } else if (delivery.said === undefined && answer === 'settled')
        complain(`${delivery.id} was settled without a lease`);
    };
    answer$.pipe(ignoreElements()).subscribe({
      complete: answered('settled'),
      error: answered('settleFailed'),
    });
    return answer$;
  };

  return {
    client: { ...client, port: { ...client.port, calls: watched.calls } },
    judge,
    begins: (consumption: Consumption): void => {
      options = consumption;
      mayReceive = true;
    },
    /** It was told to end; what it holds after an unsubscribe it has given up. */
    ends: (isUnsubscribed: boolean): void => {
      mayReceive = false;
      if (!isUnsubscribed) return;
      if (watched.polls() > 0) complain(`${String(watched.polls())} polls under way after the unsubscribe`);
      for (const delivery of deliveries) {
        delivery.isAbandoned ||= delivery.isHeld;
        delivery.isHeld = false;
      }
    },
    isOver: (): boolean => running === 0,
    /** The same message, with an ear for what is said of it. */
    overhear: (message: Message<string>): Message<string> => {
      const delivery = latest.get(message.id) ?? newDelivery(message.id, 0);
      if (delivery.isHandedOut) complain(`${message.id} was handed out twice`);
      delivery.isHandedOut = true;
      if (held() > (options?.maxInFlight ?? 0)) complain(`${String(held())} messages in flight`);
      return { ...message, settle: (settlement) => settle(delivery, settlement, message) };
    },
    ownerOf: (handle: string): Delivery | undefined => owners.get(handle),
    checkSettled: (): void => {
      for (const id of latest.keys()) ledger.check(id, ofMessage(id));
    },
  };
}

/** Of leases lost at one moment some are told of later than others; the message itself knows. */
function isLost({ lost$ }: Message<string>): boolean {
  let isSo = false;
  lost$.subscribe(() => (isSo = true)).unsubscribe();
  return isSo;
}
