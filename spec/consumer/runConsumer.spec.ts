import { expect } from 'chai';
import { runConsumer } from '../../src/consumer/runConsumer.js';
import { ConfigurationError } from '../../src/errors.js';
import { fakeClient } from '../helpers/fakeClient.js';
import { Users } from '../helpers/fakeConsumer.js';

describe('runConsumer', () => {
  const { client, requests } = fakeClient({});
  const rejectionOf = (running: Promise<void>): Promise<unknown> =>
    running.then(
      () => expect.fail('resolved'),
      (error: unknown) => error,
    );

  it('rejects, before any call, what can not work', async () => {
    const faults = await Promise.all([
      rejectionOf(runConsumer(client, Users, undefined as unknown as () => undefined)),
      rejectionOf(runConsumer(client, Users, () => undefined, { maxInFlight: 0 })),
      rejectionOf(runConsumer(client, Users, () => undefined, { concurrency: 0 })),
      rejectionOf(runConsumer(client, Users, () => undefined, { signal: {} as AbortSignal })),
    ]);
    for (const fault of faults) expect(fault).to.be.instanceOf(ConfigurationError);
    expect(faults.map((fault) => (fault as ConfigurationError).faults.map(({ path }) => path))).to.deep.equal([
      ['handler'],
      ['maxInFlight'],
      ['concurrency'],
      ['signal'],
    ]);
    expect(requests).to.deep.equal([]);
  });
});
