import { expect } from 'chai';
import { signalOf } from '../../src/client/handOver.js';
import { sdkWay } from '../../src/client/sdkWay.js';
import { rejectionOf } from '../helpers/thrown.js';

interface Command {
  readonly input: { readonly name: string };
}
const command = (name: string): Command => ({ input: { name } });
const { signal } = new AbortController();

describe('sdkWay', () => {
  it('sends a command made of the request, with the signal, and reads the answer', async () => {
    const sent: unknown[] = [];
    const call = sdkWay(
      command,
      ({ input }) => {
        sent.push(input.name, signalOf(input));
        return Promise.resolve({ Url: 'url' });
      },
      ({ Url }) => Url,
    );
    expect(await call('q', signal)).to.equal('url');
    expect(sent).to.deep.equal(['q', signal]);
  });

  it('fails with what sending failed with', async () => {
    const failure = new Error('no');
    const call = sdkWay(
      command,
      () => Promise.reject(failure),
      () => 'url',
    );
    expect(await rejectionOf(call('q', signal))).to.equal(failure);
  });

  it('rejects when the command can not be made, or is thrown out', async () => {
    const failure = new TypeError('no');
    const refusing = sdkWay(
      (): Command => {
        throw failure;
      },
      () => Promise.resolve('url'),
      (url) => url,
    );
    const throwing = sdkWay(
      command,
      () => {
        throw failure;
      },
      () => 'url',
    );
    for (const call of [refusing, throwing]) expect(await rejectionOf(call('q', signal))).to.equal(failure);
  });

  it('takes an answer that can not be read for a bad one', async () => {
    const call = sdkWay(
      command,
      () => Promise.resolve(null),
      () => {
        throw new TypeError('secret');
      },
    );
    const error = await rejectionOf(call('q', signal));
    expect(error).to.be.instanceOf(Error).and.include({ name: 'BadResponse' });
    expect(String(error)).not.to.include('secret');
  });
});
