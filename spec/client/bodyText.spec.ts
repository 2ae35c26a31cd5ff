import { expect } from 'chai';
import { Readable } from 'node:stream';
import { bodyText } from '../../src/client/bodyText.js';
import { rejectionOf } from '../helpers/thrown.js';

describe('bodyText', () => {
  it('reads a stream to its end, characters of several bytes cut or not', async () => {
    const bytes = Buffer.from('a€😀z');
    expect(await bodyText(Readable.from([...bytes].map((byte) => Buffer.of(byte))))).to.equal('a€😀z');
    expect(await bodyText(Readable.from([bytes]))).to.equal('a€😀z');
  });

  it('reads an empty stream', async () => {
    expect(await bodyText(Readable.from([]))).to.equal('');
  });

  it('reads bytes that are here, also those of a part of a buffer', async () => {
    expect(await bodyText(Buffer.from('abc'))).to.equal('abc');
    expect(await bodyText(new TextEncoder().encode('a€z').subarray(1))).to.equal('€z');
  });

  it('fails with the error of the stream', async () => {
    const body = new Readable({ read: () => undefined });
    const read = rejectionOf(bodyText(body));
    body.push(Buffer.from('{"Mess'));
    const failure = new Error('aborted');
    body.destroy(failure);
    expect(await read).to.equal(failure);
  });

  it('takes a stream that just ends in the middle for a bad answer', async () => {
    const body = new Readable({ read: () => undefined });
    const read = rejectionOf(bodyText(body));
    body.push(Buffer.from('{"Mess'));
    body.destroy();
    expect(await read).to.include({ name: 'BadResponse' });
  });
});
