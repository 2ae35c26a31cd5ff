import { expect } from 'chai';
import * as t from 'io-ts';
import { map } from 'rxjs';
import { publishTo } from '../../../src/producer/publishTo.js';
import { type AttributeValues, topic, type Topic } from '../../../src/topic.js';
import { fakeClient } from '../../helpers/fakeClient.js';
import { fakeTopic } from '../../helpers/fakeTopic.js';
import { marbles } from '../../helpers/marbles.js';

/** `sent`, or what the value was refused for. */
function fareOf<A>(of: Topic<A>, value: NoInfer<A>): string {
  const fares: string[] = [];
  marbles(({ cold, flush }) => {
    cold('(a|)', { a: value })
      .pipe(
        publishTo(fakeClient(fakeTopic().calls).client, of),
        map((result) => (result._tag === 'Right' ? 'sent' : result.left.error.message)),
      )
      .subscribe((fare) => fares.push(fare));
    flush();
  });
  expect(fares).to.have.lengthOf(1);
  return fares.join();
}

const tooLarge = (bytes: number, limit: number): string =>
  `the message has ${bytes} bytes with its attributes, the topic takes ${limit} (maxMessageBytes)`;

/** Expects that a value has so many bytes: a topic that takes as many sends it, one that takes a byte less does not. */
function expectBytes(bytes: number, value: string, attributes: AttributeValues = {}): void {
  const limited = (maxMessageBytes: number) =>
    topic('words', t.string, { maxMessageBytes, attributes: () => attributes });
  expect(fareOf(limited(bytes), value)).to.equal('sent');
  expect(fareOf(limited(bytes - 1), value)).to.equal(tooLarge(bytes, bytes - 1));
}

/** The quotes of a text in JSON. */
const QUOTES = 2;

describe('Producer: size', () => {
  describe('the size in UTF-8 bytes, attributes included, against the limit (256 KiB by default; `maxMessageBytes` on the topic where the SNS topic allows more)', () => {
    it('256 KiB by default: sent at the limit, refused one byte above', () => {
      const Words = topic('words', t.string);
      expect(fareOf(Words, 'x'.repeat(262_144 - QUOTES))).to.equal('sent');
      expect(fareOf(Words, 'x'.repeat(262_145 - QUOTES))).to.equal(tooLarge(262_145, 262_144));
    });

    it('`maxMessageBytes` on the topic where the SNS topic allows more', () => {
      const Large = topic('large', t.string, { maxMessageBytes: 1_048_576 });
      expect(fareOf(Large, 'x'.repeat(1_048_576 - QUOTES))).to.equal('sent');
      expect(fareOf(Large, 'x'.repeat(1_048_577 - QUOTES))).to.equal(tooLarge(1_048_577, 1_048_576));
    });

    it('in UTF-8 bytes: characters of two, three and four', () => {
      expectBytes(QUOTES + 2, 'é');
      expectBytes(QUOTES + 3, '€');
      expectBytes(QUOTES + 4, '\u{1F600}');
      // Half the limit in characters, and a byte above it.
      expect(fareOf(topic('words', t.string), 'é'.repeat(131_071))).to.equal('sent');
      expect(fareOf(topic('words', t.string), `${'é'.repeat(131_071)}x`)).to.equal(tooLarge(262_145, 262_144));
    });

    it('in UTF-8 bytes of the JSON: what is escaped takes the bytes of its escape', () => {
      expectBytes(QUOTES + 2, '"');
      expectBytes(QUOTES + 6, '\uFFFF');
    });

    it('attributes included: name, type and value of each', () => {
      expectBytes(QUOTES + 'tenantStringAda'.length, '', { tenant: 'Ada' });
      expectBytes(QUOTES + 'tenantString'.length + 4, '', { tenant: '\u{1F600}' });
      expectBytes(QUOTES + 'priorityNumber-12.5'.length, '', { priority: -12.5 });
      expectBytes(QUOTES + 'traceBinary'.length + 3, '', { trace: new Uint8Array([0, 128, 255]) });
      expectBytes(QUOTES + 'aString1bString2'.length, '', { a: '1', b: '2' });
    });

    it('attributes included: the type of an event', () => {
      const bytes = QUOTES + 'typeStringmade'.length;
      const limited = (maxMessageBytes: number) => topic('typed', { made: t.string }, { maxMessageBytes });
      expect(fareOf(limited(bytes), { type: 'made', data: '' })).to.equal('sent');
      expect(fareOf(limited(bytes - 1), { type: 'made', data: '' })).to.equal(tooLarge(bytes, bytes - 1));
    });
  });
});
