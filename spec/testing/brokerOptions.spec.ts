import { expect } from 'chai';
import { OPERATION_NAMES } from '../../src/testing/brokerOperation.js';
import { brokerSettings, clientSettings, latencyFaults, latencyOf } from '../../src/testing/brokerOptions.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const PLACE = { region: 'us-east-1', accountId: '123456789012' };

describe('brokerOptions', () => {
  it('have defaults', () => {
    const { port, random, ...rest } = brokerSettings({});
    expect(rest).to.deep.equal({
      topics: [],
      unordered: true,
      partialReceives: true,
      duplicates: 0,
      seed: 1,
      latencyMs: 0,
    });
    expect(random()).to.equal(0.5);
    expect(port).to.deep.include({ region: 'us-east-1', accountId: '123456789012', environment: 'test' });
    expect(port).to.deep.include({ topicMap: {}, queueMap: {}, retryAttempts: 3, timeoutMs: 30_000 });
  });

  it('are taken as they are given', () => {
    const given = { unordered: false, partialReceives: false, duplicates: 1, seed: -5, latencyMs: { send: 3 } };
    const { port, ...rest } = brokerSettings({
      ...given,
      region: 'eu-west-1',
      accountId: '210987654321',
      environment: 'dev',
      service: 'billing',
      retryAttempts: 0,
      random: () => 0.1,
    });
    expect(rest).to.deep.include(given);
    expect(rest.random()).to.equal(0.1);
    expect(port).to.deep.include({ region: 'eu-west-1', accountId: '210987654321', environment: 'dev' });
    expect(port).to.deep.include({ service: 'billing', retryAttempts: 0 });
  });

  it('list every fault at once', () => {
    const faults = faultsThrownBy(() =>
      brokerSettings({ region: 'x', retryAttempts: 11, duplicates: 1.1, seed: 0.5, latencyMs: -1 }),
    );
    expect(faults.map((fault) => fault.split(':')[0])).to.deep.equal([
      'region',
      'retryAttempts',
      'duplicates',
      'seed',
      'latencyMs',
    ]);
    expect(faults.slice(2)).to.deep.equal([
      'duplicates: expected a number from 0 to 1',
      'seed: expected a whole number',
      'latencyMs: expected milliseconds of at least 0',
    ]);
    expect(faultsThrownBy(() => brokerSettings({ duplicates: -0.1 }))).to.have.length(1);
    expect(faultsThrownBy(() => brokerSettings({ duplicates: NaN, seed: NaN }))).to.have.length(2);
  });

  it('know no option but their own', () => {
    const [fault] = faultsThrownBy(() => brokerSettings({ endpoint: 'http://localhost' } as object));
    expect(fault).to.equal(undefined);
    expect(faultsThrownBy(() => brokerSettings({ enviroment: 'dev' } as object))).to.deep.equal([
      'enviroment: there is no such option; did you mean environment?',
    ]);
  });

  it('of a client: an option that is undefined is not given', () => {
    expect(clientSettings(PLACE, { environment: undefined } as object).environment).to.equal('test');
    expect(faultsThrownBy(() => clientSettings(PLACE, { environment: '?' }))).to.have.length(1);
  });

  it('latency: a number for all calls, or one for each', () => {
    expect([latencyOf(5)('receive'), latencyOf(5)('createTopic')]).to.deep.equal([5, 5]);
    const latency = latencyOf({ receive: 20, publish: 40 });
    expect([latency('receive'), latency('publishBatch'), latency('sendBatch')]).to.deep.equal([20, 40, 0]);
  });

  it('latency: says what is wrong with it', () => {
    const OPERATION = { path: 'latencyMs', message: `expected a number, or one for some of ${OPERATION_NAMES}` };
    const RANGE = { path: 'latencyMs', message: 'expected milliseconds of at least 0' };
    expect(latencyFaults({ receive: 0, getQueueUrl: 1 })).to.deep.equal([]);
    expect(latencyFaults(0)).to.deep.equal([]);
    expect([-1, NaN, Infinity].map(latencyFaults)).to.deep.equal([[RANGE], [RANGE], [RANGE]]);
    expect(latencyFaults({ receiv: -1, send: NaN } as object)).to.deep.equal([OPERATION, RANGE, RANGE]);
    expect(latencyFaults({ constructor: 1 } as object)).to.deep.equal([OPERATION]);
  });
});
