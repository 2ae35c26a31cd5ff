import { expect } from 'chai';
import { rememberedOf } from '../../src/consumer/remembered.js';
import { fakeClient } from '../helpers/fakeClient.js';

describe('remembered', () => {
  it('is one a client and queue', () => {
    const { port } = fakeClient({}).client;
    rememberedOf(port, 'q').add('a');
    expect(rememberedOf(port, 'q').has('a')).to.equal(true);
    expect(rememberedOf(port, 'other').has('a')).to.equal(false);
    expect(rememberedOf(fakeClient({}).client.port, 'q').has('a')).to.equal(false);
  });

  it('forgets on demand, and the oldest first beyond 10,000', () => {
    const remembered = rememberedOf(fakeClient({}).client.port, 'q');
    for (let index = 0; index <= 10_000; index += 1) remembered.add(String(index));
    expect(remembered.has('0')).to.equal(false);
    expect(remembered.has('1')).to.equal(true);
    remembered.forget('1');
    expect(remembered.has('1')).to.equal(false);
  });

  it('knows what is being deleted, until every deletion of it has ended', () => {
    const { port } = fakeClient({}).client;
    const first = rememberedOf(port, 'q').deleting('a');
    const second = rememberedOf(port, 'q').deleting('a');
    first();
    expect(rememberedOf(port, 'q').has('a')).to.equal(true);
    second();
    expect(rememberedOf(port, 'q').has('a')).to.equal(false);
  });
});
