import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { from, lastValueFrom, of, toArray } from 'rxjs';
import {
  ackMap,
  fromTopic,
  InvalidMessageError,
  type Message,
  provision,
  publishEvent,
  publishTo,
  type Topic,
  topic,
} from '../../src/index.js';
import { useEmulator, type Watched } from './emulated.js';

const KIB = 1024;
const SNS_LIMIT = 256 * KIB;
const SQS_LIMIT = 1024 * KIB;

const Texts = topic('texts', t.string);
const QUEUE = 'dev-texts-queue';

/** A text whose JSON has so many bytes; the quotes are two of them. */
const ofBytes = (bytes: number, character = 'x'): string =>
  character.repeat(Math.floor((bytes - 2) / Buffer.byteLength(character)));

describe('limits', function () {
  this.timeout(20_000);
  const emulation = useEmulator();
  let watched: Watched;
  beforeEach(async () => {
    watched = emulation.connect();
    await lastValueFrom(provision(watched.client, Texts));
  });

  async function consume<A>(consumed: Topic<A>, count: number): Promise<readonly Message<A>[]> {
    const stop = watched.seen('settled', count);
    return lastValueFrom(
      fromTopic(watched.client, consumed, { stop }).pipe(
        ackMap((_value, message) => of(message)),
        toArray(),
      ),
    );
  }

  async function refusalOf<A>(refusing: Topic<A>, value: A): Promise<InvalidMessageError> {
    const error: unknown = await publishEvent(watched.client, refusing, value).catch((thrown: unknown) => thrown);
    if (error instanceof InvalidMessageError) return error;
    throw new Error('not refused as an InvalidMessageError', { cause: error });
  }

  for (const [what, character] of [
    ['of one byte a character', 'x'],
    ['of two bytes a character', 'é'],
    ['of four bytes a character', '🐍'],
  ] as const) {
    it(`256 KiB ${what} go through, one byte more is refused without a call`, async () => {
      const left = (SNS_LIMIT - 2) % Buffer.byteLength(character);
      const text = ofBytes(SNS_LIMIT, character) + 'x'.repeat(left);
      expect(Buffer.byteLength(JSON.stringify(text))).to.equal(SNS_LIMIT);
      await publishEvent(watched.client, Texts, text);
      const calls = watched.calls('PublishBatch');

      const refusal = await refusalOf(Texts, `${text}x`);
      expect(refusal).to.include({ reason: 'too-large', retryable: false });
      expect(refusal.message).to.equal(
        'the message has 262145 bytes with its attributes, the topic takes 262144 (maxMessageBytes)',
      );
      expect(watched.calls('PublishBatch')).to.equal(calls);

      const [message] = await consume(Texts, 1);
      expect(message?.value === text).to.equal(true);
    });
  }

  it('attributes count: name, type and value', async () => {
    const note = 'n'.repeat(100);
    const Noted = topic('texts', t.string, { attributes: () => ({ note }) });
    const text = ofBytes(SNS_LIMIT - 'note'.length - 'String'.length - note.length);
    await publishEvent(watched.client, Noted, text);
    expect((await refusalOf(Noted, `${text}x`)).reason).to.equal('too-large');
    const [message] = await consume(Texts, 1);
    expect(message?.attributes).to.deep.equal({ note });
  });

  it('values too large for one batch together go in several, each of them whole', async () => {
    const texts = Array.from({ length: 7 }, (_, index) => String(index) + ofBytes(100 * KIB));
    const results = await lastValueFrom(from(texts).pipe(publishTo(watched.client, Texts), toArray()));
    expect(results.every(E.isRight)).to.equal(true);
    expect(watched.calls('PublishBatch')).to.be.at.least(4);
    const messages = await consume(Texts, 7);
    expect(messages.map(({ value }) => value[0]).sort()).to.deep.equal(['0', '1', '2', '3', '4', '5', '6']);
    expect(messages.every(({ value }) => value.length === 100 * KIB - 1)).to.equal(true);
  });

  it('maxMessageBytes lets a larger value out; what SNS then says of it is the result', async () => {
    const Large = topic('texts', t.string, { maxMessageBytes: SQS_LIMIT });
    const error: unknown = await publishEvent(watched.client, Large, ofBytes(300 * KIB)).catch(
      (thrown: unknown) => thrown,
    );
    // The emulator's topics take no more than 256 KiB. Its answer is not retried.
    expect(error).to.include({ _tag: 'AWSConnectionError', operation: 'PublishBatch', retryable: false });
    expect(watched.calls('PublishBatch')).to.equal(1);
    expect((await refusalOf(Large, ofBytes(SQS_LIMIT + 1))).reason).to.equal('too-large');
    expect(watched.calls('PublishBatch')).to.equal(1);
  });

  it('1 MiB, all that SQS takes, is consumed, ten of them at once', async () => {
    const note = 'n'.repeat(100);
    const text = ofBytes(SQS_LIMIT - 'note'.length - 'String'.length - note.length);
    const attributes = { note: { DataType: 'String', StringValue: note } };
    for (let sent = 0; sent < 10; sent += 1) await emulation.send(QUEUE, JSON.stringify(text), attributes);
    const messages = await consume(Texts, 10);
    expect(messages.every(({ value }) => value === text)).to.equal(true);
    expect(await emulation.atRest(QUEUE)).to.deep.equal({ visible: [], inFlight: [] });
  });

  it('1 MiB that can not be read reaches the dead-letter queue whole, its reason left out where it would not fit', async () => {
    for (const body of [`{${ofBytes(SQS_LIMIT)}x`, `{${ofBytes(1000 * KIB)}`]) await emulation.send(QUEUE, body);
    const consumer = fromTopic(watched.client, Texts).subscribe();
    await watched.seen('rejected', 2);
    await watched.seen('settled', 2);
    consumer.unsubscribe();
    const { visible } = await emulation.holding(`${QUEUE}-dlq`);
    const copies = [...visible].sort((one, other) => one.body.length - other.body.length);
    expect(copies.map(({ body }) => body.length)).to.deep.equal([1000 * KIB - 1, SQS_LIMIT]);
    expect(copies.map(({ messageAttributes }) => Object.keys(messageAttributes))).to.deep.equal([
      ['rejection-reason'],
      [],
    ]);
    expect(await emulation.atRest(QUEUE)).to.deep.equal({ visible: [], inFlight: [] });
  });

  it('ten attributes go through, with eleven a value is refused without a call', async () => {
    const attributes = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${String(index)}`, index]));
    await publishEvent(watched.client, topic('texts', t.string, { attributes: () => attributes(10) }), 'ten');
    const calls = watched.calls('PublishBatch');
    const refusal = await refusalOf(topic('texts', t.string, { attributes: () => attributes(11) }), 'eleven');
    expect(refusal.reason).to.equal('attributes');
    expect(watched.calls('PublishBatch')).to.equal(calls);
    const [message] = await consume(Texts, 1);
    expect(Object.keys(message?.attributes ?? {})).to.have.lengthOf(10);
  });
});
