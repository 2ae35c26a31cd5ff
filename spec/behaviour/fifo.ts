import { expect } from 'chai';
import type { Theme } from './behaviour.js';
import { bodiesOf, sortedBodies } from './drafts.js';
import { played } from './script.js';
import { timed } from './timed.js';

/** Distinct bodies, so that their content tells them apart. */
const CONTENT = { ContentBasedDeduplication: 'true' };
const of = (groupId: string, ...bodies: readonly string[]) => bodies.map((body) => ({ id: body, body, groupId }));

export const fifo: Theme = {
  name: 'FIFO queues',
  behaviours: [
    {
      name: 'a group comes in the order in which it was sent',
      *script({ fifoQueue, send, takeOne, delete: remove }) {
        const target = yield* fifoQueue(CONTENT);
        const bodies = ['c', 'a', 'd', 'b'];
        yield* send(target, ...of('g', ...bodies));
        for (const body of bodies) {
          const message = yield* takeOne(target);
          expect(message).to.include({ body, groupId: 'g' });
          yield* remove(target, message);
        }
      },
    },
    {
      name: 'while one of a group is in flight no more of the group comes, and other groups do',
      *script({ fifoQueue, send, takeOne, take, nothing, delete: remove }) {
        const target = yield* fifoQueue(CONTENT);
        yield* send(target, ...of('g', 'g1', 'g2'), ...of('h', 'h1'), ...of('i', 'i1'));
        const first = yield* takeOne(target);
        expect(first.body).to.equal('g1');
        expect(sortedBodies(yield* take(target, 2, { maxMessages: 10 }))).to.deep.equal(['h1', 'i1']);
        yield* nothing(target);
        yield* remove(target, first);
        expect((yield* takeOne(target)).body).to.equal('g2');
      },
    },
    {
      name: 'a message that was given back comes before those after it in its group',
      *script({ fifoQueue, send, takeOne, hide }) {
        const target = yield* fifoQueue(CONTENT);
        yield* send(target, ...of('g', 'g1', 'g2'));
        yield* hide(target, yield* takeOne(target), 0);
        expect(yield* takeOne(target)).to.include({ body: 'g1', receiveCount: 2 });
      },
    },
    {
      name: 'a message whose timeout is over comes before those after it in its group',
      *script({ fifoQueue, send, takeOne }) {
        const target = yield* fifoQueue(CONTENT);
        yield* send(target, ...of('g', 'g1', 'g2'));
        yield* takeOne(target, { visibilityTimeoutSeconds: 1 });
        expect(yield* takeOne(target, { waitTimeSeconds: 2 })).to.include({ body: 'g1', receiveCount: 2 });
      },
    },
    {
      name: 'one receive may bring several of a group, in order',
      emulator: 'fauxqs: gives one message of a group a receive',
      *script({ fifoQueue, send, receive, hide }) {
        const target = yield* fifoQueue(CONTENT);
        yield* send(target, ...of('g', 'g1', 'g2', 'g3', 'g4'));
        let most = 0;
        // How many come is for SQS to say, so it is asked several times.
        for (let attempt = 0; attempt < 8 && most < 2; attempt += 1) {
          const received = yield* receive(target);
          expect(bodiesOf(received)).to.deep.equal(['g1', 'g2', 'g3', 'g4'].slice(0, received.length));
          for (const message of received) yield* hide(target, message, 0);
          most = Math.max(most, received.length);
        }
        expect(most).to.be.at.least(2);
      },
    },
    {
      name: 'sequence numbers have twenty digits and grow',
      *script({ fifoQueue, send, takeOne, delete: remove }) {
        const target = yield* fifoQueue(CONTENT);
        yield* send(target, ...of('g', 'a', 'b', 'c'));
        const numbers: string[] = [];
        while (numbers.length < 3) {
          const message = yield* takeOne(target);
          numbers.push(message.sequenceNumber ?? 'none');
          yield* remove(target, message);
        }
        for (const each of numbers) expect(each).to.match(/^\d{20}$/);
        expect([...new Set(numbers)].sort()).to.deep.equal(numbers);
      },
    },
    {
      name: 'a standard queue gives no sequence number',
      *script({ queue, send, takeOne }) {
        const target = yield* queue();
        yield* send(target, 'body');
        expect((yield* takeOne(target)).sequenceNumber).to.equal(undefined);
      },
    },
    {
      name: 'a message without a group is refused',
      *script({ fifoQueue, sendFault }) {
        const target = yield* fifoQueue(CONTENT);
        expect(yield* sendFault(target, 'body')).to.equal('MissingParameter');
      },
    },
    {
      name: 'a group id that is out of form is refused',
      emulator: 'fauxqs: takes any text for a group id',
      *script({ fifoQueue, sendFault }) {
        const target = yield* fifoQueue(CONTENT);
        for (const groupId of ['with space', 'g'.repeat(129), 'ü']) {
          expect(yield* sendFault(target, { body: 'body', groupId })).to.equal('InvalidParameterValue');
        }
        expect(yield* sendFault(target, { body: 'body', groupId: 'g'.repeat(128) })).to.equal(undefined);
      },
    },
    {
      name: 'a group id on a standard queue is carried: it says whose message it is',
      emulator: 'fauxqs: drops the group id on a standard queue',
      *script({ queue, send, takeOne }) {
        const target = yield* queue();
        yield* send(target, { body: 'body', groupId: 'tenant' });
        expect(yield* takeOne(target)).to.include({ groupId: 'tenant' });
      },
    },
    {
      name: 'a group id locks nothing on a standard queue',
      *script({ queue, send, take }) {
        const target = yield* queue();
        yield* send(target, ...of('tenant', 'a', 'b'));
        for (const round of ['first', 'second']) yield* take(target, 1, { waitTimeSeconds: round === 'first' ? 1 : 2 });
      },
    },
    {
      name: 'in a queue with a delay a message does not wait for those after it',
      *script({ fifoQueue, send, wait, takeOne }) {
        const target = yield* fifoQueue({ ...CONTENT, DelaySeconds: '2' });
        yield* send(target, ...of('g', 'g1'));
        yield* wait(1_300);
        const { ms, result } = yield* timed(
          played(function* () {
            yield* send(target, ...of('g', 'g2'));
            return yield* takeOne(target, { maxMessages: 10, waitTimeSeconds: 5 });
          }),
        );
        // The second is not due for two seconds.
        expect(result).to.include({ body: 'g1' });
        expect(ms).to.be.below(1_900);
      },
    },
  ],
};
