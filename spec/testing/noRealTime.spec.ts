import net from 'node:net';
import { expect } from 'chai';
import * as t from 'io-ts';
import { of } from 'rxjs';
import { createSandbox } from 'sinon';
import { ackMap, fromTopic, topic, toTopic } from '../../src/index.js';
import { messagingTest } from '../../src/testing/index.js';

const Letters = topic('letters', t.string);
const Echoes = topic('echoes', t.string);

describe('a messagingTest', () => {
  const sandbox = createSandbox();
  afterEach(() => sandbox.restore());

  it('starts no timer of this process and opens no socket, whatever happens in it', () => {
    const spies = [
      ...(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'] as const).map((name) =>
        sandbox.spy(globalThis, name),
      ),
      sandbox.spy(process, 'nextTick'),
      sandbox.spy(net.Socket.prototype, 'connect'),
      sandbox.spy(Date, 'now'),
    ];
    messagingTest(({ broker, publish, publishRaw, expectPublished, expectRetried, expectDeadLettered }) => {
      broker.fail('delete', { error: 'InternalError' });
      broker.outage({ from: 60_000, to: 90_000 });
      broker.provision(Echoes);
      const work = (value: string, { receiveCount }: { readonly receiveCount: number }) => {
        if (receiveCount === 1) throw new Error('not yet');
        return of(value);
      };
      fromTopic(broker, Letters).pipe(ackMap(work)).subscribe(toTopic(broker, Echoes));
      publish(Letters, '           -a---- 2m b');
      publishRaw(Letters, '        ------x', { x: '{' });
      expectRetried(Letters).toBe('-a---- 2m b');
      expectDeadLettered(Letters).toBe('------x', { x: '{' });
      expectPublished(Echoes).toBe('1001ms a 120004ms b');
    });
    expect(spies.map(({ callCount }) => callCount)).to.deep.equal([0, 0, 0, 0, 0, 0, 0]);
  });
});
