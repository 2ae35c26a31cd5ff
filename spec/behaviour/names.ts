import { expect } from 'chai';
import type { Attributes } from '../../src/client/client.js';
import type { Behaviour, Theme } from './behaviour.js';
import { callFault } from './createStage.js';

const refusedQueue = (
  what: string,
  create: { readonly suffix: string; readonly attributes?: Attributes; readonly code?: string },
  emulator?: string,
): Behaviour => ({
  name: `a queue ${what} is refused`,
  ...(emulator === undefined ? {} : { emulator }),
  *script({ calls, name }) {
    const { suffix, attributes = {}, code = 'InvalidParameterValue' } = create;
    expect(yield* callFault(calls.createQueue({ queueName: name(suffix), attributes }))).to.equal(code);
  },
});

const refusedTopic = (what: string, suffix: string, attributes: Attributes, emulator?: string): Behaviour => ({
  name: `a topic ${what} is refused`,
  ...(emulator === undefined ? {} : { emulator }),
  *script({ calls, name }) {
    const fault = yield* callFault(calls.createTopic({ name: name(suffix), attributes }));
    expect(fault).to.equal('InvalidParameterException');
  },
});

export const names: Theme = {
  name: 'names and attributes of queues and topics',
  behaviours: [
    refusedQueue('with a name of more than 80 characters', { suffix: 'q'.repeat(80) }, 'fauxqs: takes any queue name'),
    refusedQueue('with a dot in its name', { suffix: 'a.b' }, 'fauxqs: takes any queue name'),
    refusedQueue('named .fifo that is not FIFO', { suffix: 'a.fifo' }, 'fauxqs: makes it FIFO by its name'),
    refusedQueue('that is FIFO and not named .fifo', { suffix: 'a', attributes: { FifoQueue: 'true' } }),
    refusedQueue('with a delay of more than 15 minutes', {
      suffix: 'a',
      attributes: { DelaySeconds: '901' },
      code: 'InvalidAttributeValue',
    }),
    refusedQueue(
      'with an attribute that is none',
      { suffix: 'a', attributes: { Delay: '1' }, code: 'InvalidAttributeName' },
      'fauxqs: takes any attribute of a new queue',
    ),
    refusedTopic('with a name of more than 256 characters', 't'.repeat(256), {}, 'fauxqs: takes any topic name'),
    refusedTopic('with a dot in its name', 'a.b', {}, 'fauxqs: takes any topic name'),
    refusedTopic('named .fifo that is not FIFO', 'a.fifo', {}, 'fauxqs: makes it FIFO by its name'),
    refusedTopic('that is FIFO and not named .fifo', 'a', { FifoTopic: 'true' }),
  ],
};
