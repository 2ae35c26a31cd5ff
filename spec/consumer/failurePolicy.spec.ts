import { expect } from 'chai';
import sinon from 'sinon';
import { settlementFor } from '../../src/consumer/failurePolicy.js';
import { ConfigurationError, MessageProcessingError } from '../../src/errors.js';
import { ack, reject, retryAfter, type Settlement } from '../../src/message/settlement.js';
import { settlementLog } from '../helpers/fakeMessage.js';

describe('settlementFor', () => {
  const { message } = settlementLog();
  afterEach(() => {
    sinon.restore();
  });

  it('is what the policy says of error and message', () => {
    const one = message('m1');
    const error = new Error('no');
    const policy = sinon.fake.returns(ack);
    expect(settlementFor(error, one, policy)).to.equal(ack);
    expect(policy.args).to.deep.equal([[error, one]]);
  });

  it('without one is a reject of what no retry helps, whoever made the error', () => {
    const foreign = Object.assign(new Error('no'), { retryable: false });
    for (const error of [
      foreign,
      new ConfigurationError([]),
      new MessageProcessingError('never', { retryable: false }),
    ]) {
      expect(settlementFor(error, message('m1'))).to.deep.equal(reject(error));
    }
  });

  it('without one is else a retry with full jitter: up to 1 s, 2 s, 4 s… 15 min', () => {
    const random = sinon.stub(Math, 'random').returns(0.999999);
    const delays = (error: unknown) =>
      [1, 2, 3, 20].map((receiveCount) => settlementFor(error, message('m1', { receiveCount })));
    const longest = [1_000, 2_000, 4_000, 900_000];
    for (const error of [
      new Error('no'),
      'no',
      undefined,
      { retryable: false },
      Object.assign(new Error('no'), { retryable: true }),
    ]) {
      for (const [index, settlement] of delays(error).entries()) {
        expect(settlement).to.have.property('_tag', 'retryAfter');
        expect(settlement)
          .to.have.property('delayMs')
          .that.is.closeTo(longest[index] ?? 0, 1);
      }
    }
    random.returns(0);
    expect(delays(new Error('no'))).to.deep.equal([0, 0, 0, 0].map(retryAfter));
  });

  it('is the default one where the policy throws', () => {
    const error = Object.assign(new Error('no'), { retryable: false });
    const settlement = settlementFor(error, message('m1'), () => {
      throw new Error('no idea');
    });
    expect(settlement).to.deep.equal(reject(error));
  });

  it('is the default one where the policy gives none: from JavaScript, or by an async function', () => {
    const error = Object.assign(new Error('no'), { retryable: false });
    for (const given of [undefined, Promise.resolve(ack)]) {
      expect(settlementFor(error, message('m1'), () => given as unknown as Settlement)).to.deep.equal(reject(error));
    }
  });
});
