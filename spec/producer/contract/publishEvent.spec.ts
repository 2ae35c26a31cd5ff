import { expect } from 'chai';
import { OverflowError, ValidationFailedError } from '../../../src/errors.js';
import { publishEvent } from '../../../src/producer/publishEvent.js';
import { answering, settled, Texts } from '../../helpers/answering.js';

const fateOf = (published: Promise<unknown>): Promise<unknown> => published.catch((error: unknown) => error);

describe('Producer: publishEvent', () => {
  it('Publishes one value. Values of concurrent calls share their requests.', async () => {
    const { client, sent, answerAll } = answering();
    const receipts = Promise.all(['a', 'b', 'c'].map((text) => publishEvent(client, Texts, text)));
    await settled();
    await answerAll();
    expect(sent()).to.deep.equal(['a b c']);
    expect((await receipts).map(({ value, messageId }) => `${value}: ${messageId}`)).to.deep.equal([
      'a: id-"a"',
      'b: id-"b"',
      'c: id-"c"',
    ]);
  });

  it('the receipt once SNS has accepted the value; rejects with the typed error, as a failure of `toTopic` has it.', async () => {
    const { client, answerAll } = answering();
    const told: string[] = [];
    const published = publishEvent(client, Texts, 'a').then(() => told.push('published'));
    await settled();
    expect(told).to.deep.equal([]);
    await answerAll();
    await published;
    expect(told).to.deep.equal(['published']);
    expect(await fateOf(publishEvent(client, Texts, 7 as unknown as string))).to.be.instanceOf(ValidationFailedError);
    await client.close();
    expect(await fateOf(publishEvent(client, Texts, 'b'))).to.include({
      name: 'AWSConnectionError',
      code: 'ClientClosed',
    });
  });

  it('an overflow is a rejection, and memory is bounded whoever publishes', async () => {
    const { client, answerAll } = answering();
    const fates = Array.from({ length: 10_001 }, () => fateOf(publishEvent(client, Texts, 'a')));
    expect(await fates.at(-1)).to.be.instanceOf(OverflowError);
    await settled();
    await answerAll();
    expect((await Promise.all(fates)).filter((fate) => fate instanceof Error)).to.have.lengthOf(1);
  }).timeout(20_000);

  it("Rejects with the signal's reason when it aborts. A value that waits is then not sent; one under way may arrive.", async () => {
    const { client, sent, answerAll } = answering();
    const [early, late] = [new AbortController(), new AbortController()];
    const waiting = fateOf(publishEvent(client, Texts, 'waits', { signal: early.signal }));
    const underWay = fateOf(publishEvent(client, Texts, 'under way', { signal: late.signal }));
    early.abort('too long');
    await settled();
    late.abort('too late');
    expect([await waiting, await underWay]).to.deep.equal(['too long', 'too late']);
    await answerAll();
    expect(sent()).to.deep.equal(['under way']);
    // Nothing is left that the client would wait for.
    await client.close();
  });
});
