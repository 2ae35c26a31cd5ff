import { expect } from 'chai';
import type { Behaviour, Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { sortedBodies, text } from './drafts.js';
import { FILTER_CASES, type FilterCase } from './filterCases.js';
import { run } from './script.js';

/** The bodies say what should come of them. */
const filtering = ({ name, policy, through, kept, emulator }: FilterCase): Behaviour => ({
  name: `a filter lets through ${name}`,
  ...(emulator === undefined ? {} : { emulator }),
  *script({ topic, queue, subscribe, publish, take, nothing }) {
    const topicArn = yield* topic();
    const target = yield* queue();
    yield* subscribe(topicArn, target, { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify(policy) });
    yield* publish(
      topicArn,
      ...kept.map((attributes, index) => ({ id: `k${index}`, body: `kept ${index}`, attributes })),
      ...through.map((attributes, index) => ({ id: `t${index}`, body: `through ${index}`, attributes })),
    );
    const came = yield* take(target, through.length);
    expect(sortedBodies(came)).to.deep.equal(through.map((_, index) => `through ${index}`));
    yield* nothing(target);
  },
});

const refusing = (what: string, policy: string, emulator: string): Behaviour => ({
  name: `a filter policy ${what} is refused`,
  emulator,
  *script({ calls, topic, queue }) {
    const topicArn = yield* topic();
    const { arn: queueArn } = yield* queue();
    const fault = yield* callFault(calls.subscribe({ topicArn, queueArn, attributes: { FilterPolicy: policy } }));
    expect(fault).to.equal('InvalidParameterException');
  },
});

export const filters: Theme = {
  name: 'filter policies',
  behaviours: [
    ...FILTER_CASES.map(filtering),
    refusing('that is not JSON', '{', 'fauxqs: takes any text for a filter policy'),
    refusing('of six names', '{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}', 'fauxqs: counts no names'),
    refusing('without a list', '{"a":"x"}', 'fauxqs: takes a value for a list of one'),
    {
      name: 'a filter that is changed holds for what comes next',
      *script({ calls, topic, queue, subscribe, publish, take, nothing }) {
        const topicArn = yield* topic();
        const target = yield* queue();
        const FilterPolicy = JSON.stringify({ a: ['x'] });
        const subscriptionArn = yield* subscribe(topicArn, target, { RawMessageDelivery: 'true', FilterPolicy });
        const value = JSON.stringify({ a: ['y'] });
        yield* run(calls.setSubscriptionAttribute({ subscriptionArn, name: 'FilterPolicy', value }));
        yield* publish(
          topicArn,
          { body: 'x', attributes: { a: text('x') } },
          { body: 'y', attributes: { a: text('y') } },
        );
        expect(sortedBodies(yield* take(target, 1))).to.deep.equal(['y']);
        yield* nothing(target);
      },
    },
  ],
};
