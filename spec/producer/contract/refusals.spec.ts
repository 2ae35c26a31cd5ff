import { expect } from 'chai';
import * as t from 'io-ts';
import { map } from 'rxjs';
import { InvalidMessageError, ValidationFailedError } from '../../../src/errors.js';
import { publishTo } from '../../../src/producer/publishTo.js';
import { type AttributeValues, topic, type Topic } from '../../../src/topic.js';
import { fakeClient } from '../../helpers/fakeClient.js';
import { brief, fakeTopic } from '../../helpers/fakeTopic.js';
import { marbles } from '../../helpers/marbles.js';
import { refusalOf, textsOf } from '../../helpers/refusalOf.js';

const SECRET = 'hunter2';

const Orders = topic('orders', t.type({ id: t.string, total: t.number, lines: t.array(t.type({ sku: t.string })) }));
const Anything = topic('anything', t.unknown);
/** A topic of anything that has these attributes, whatever a compiler would say. */
const attributed = (attributes: unknown) =>
  topic('attributed', t.unknown, { attributes: () => attributes as AttributeValues });
const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`name-${index}`, 'x']));

const throwing = (): never => {
  throw new Error(SECRET);
};
const Throwing = new t.Type<string>('Throwing', t.string.is, t.string.validate, throwing);

function refused<A>(what: string, of: Topic<A>, value: unknown, text: string) {
  return { what, value, text, refusal: () => refusalOf(of, value) };
}

/** Each way in which a value is refused, with what its error says; every value holds the secret. */
const REFUSED = [
  refused('codec.is', Orders, { id: SECRET, total: SECRET, lines: [] }, 'validation failed at /total: expected number'),
  refused(
    'codec.is, further inside',
    Orders,
    { id: SECRET, total: 1, lines: [{ sku: 7 }] },
    '/lines/0/sku: expected string',
  ),
  refused('encode', topic('throwing', Throwing), SECRET, 'validation failed at /: the codec Throwing threw'),
  refused('JSON', Anything, { [SECRET]: 1n }, 'cycle or a BigInt'),
  refused('JSON that would lose a value', Anything, [SECRET, NaN], 'would become null'),
  refused(
    "SQS's character set",
    attributed({ tenant: `${SECRET}\u0000` }),
    1,
    '`tenant`: expected text that is not empty',
  ),
  refused('at most 10 attributes', attributed({ ...numbered(10), [SECRET]: SECRET }), 1, 'expected at most 10, got 11'),
  refused(
    'valid names',
    attributed({ tenant: 'x', [`.${SECRET}`]: 'x' }),
    1,
    'attributes: name 2: expected up to 256 letters',
  ),
  refused(
    'a function of the topic',
    topic('t', t.unknown, { groupId: throwing }),
    SECRET,
    'groupId: the function of the topic',
  ),
  refused(
    'a group id',
    topic('t', t.unknown, { groupId: () => `${SECRET} ` }),
    SECRET,
    'groupId: expected 1 to 128 letters',
  ),
  refused(
    'a subject',
    topic('t', t.unknown, { subject: () => ` ${SECRET}` }),
    SECRET,
    'subject: expected 1 to 99 ASCII',
  ),
  refused(
    'the size',
    topic('t', t.unknown, { maxMessageBytes: 8 }),
    SECRET,
    'has 9 bytes with its attributes, the topic takes 8',
  ),
];

describe('Producer: refusals', () => {
  describe("A value is validated and encoded before anything is sent: `codec.is`/encode, JSON, then the size in UTF-8 bytes, attributes included, against the limit (256 KiB by default; `maxMessageBytes` on the topic where the SNS topic allows more), SQS's character set, at most 10 attributes with valid names.", () => {
    for (const { what, text, refusal } of REFUSED) {
      it(`${what}: nothing is sent`, () => {
        expect(refusal().failure.error.message).to.contain(text);
      });
    }

    it('what is refused stops nobody else, and what passes is what was encoded', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const Length = new t.Type<string, number>(
          'Length',
          t.string.is,
          t.number.validate as never,
          (word) => word.length,
        );
        const sns = fakeTopic();
        const { client } = fakeClient(sns.calls);
        const source = cold('  (axb|)', { a: 'a', x: 7 as unknown as string, b: 'bb' });
        const expected = '     X---(AB|)';
        const results$ = source.pipe(publishTo(client, topic('words', Length)), map(brief));
        expectObservable(results$).toBe(expected, { X: '7! ValidationFailedError', A: 'a: id-1', B: 'bb: id-2' });
        flush();
        expect(sns.log).to.deep.equal(['0: 1 2']);
      });
    });

    it("SQS's character set: a body has what SQS does not carry as JSON escapes, an attribute can't", () => {
      const inBody = '\uD800 \u0000 \uFFFE \uFFFF';
      const carried = 'é \u{1F600} \t \uE000 \uFFFD';
      const sns = fakeTopic();
      marbles(({ cold, flush }) => {
        const Tagged = topic('tagged', t.string, { attributes: () => ({ tag: carried }) });
        cold('(a|)', { a: inBody })
          .pipe(publishTo(fakeClient(sns.calls).client, Tagged))
          .subscribe();
        flush();
      });
      const [entry] = sns.requests.flatMap(({ entries }) => entries);
      expect(entry?.body).to.equal('"\\ud800 \\u0000 \\ufffe \\uffff"');
      expect(entry?.attributes).to.deep.equal({ tag: { dataType: 'String', stringValue: carried } });
      for (const odd of ['\uD800', '\uDC00x', '\u0000', '\u000B', '\uFFFE', '\uFFFF']) {
        expect(refusalOf(attributed({ tag: odd }), 1).failure.error).to.be.instanceOf(InvalidMessageError);
      }
    });

    it('at most 10 attributes: ten are sent; the type of an event is one of them', () => {
      const Typed = topic('typed', { made: t.string }, { attributes: ({ data }) => numbered(Number(data)) });
      const sns = fakeTopic();
      marbles(({ cold, expectObservable }) => {
        const { client } = fakeClient(sns.calls);
        const untyped$ = cold('(a|)', { a: 'a' }).pipe(publishTo(client, attributed(numbered(10))), map(brief));
        expectObservable(untyped$).toBe('----(A|)', { A: 'a: id-a' });
        const typed$ = cold('(xy|)', { x: '9', y: '10' }).pipe(
          map((data) => ({ type: 'made' as const, data })),
          publishTo(client, Typed),
          map(({ _tag }) => _tag),
        );
        expectObservable(typed$).toBe('Y---(X|)', { X: 'Right', Y: 'Left' });
      });
      expect(
        sns.requests.flatMap(({ entries }) => entries.map(({ attributes }) => Object.keys(attributes).length)),
      ).to.deep.equal([10, 10]);
    });

    for (const name of ['a b', 'é', 'AWS.x', 'amazon.x', '.x', 'x.', 'x..y', 'x'.repeat(257), '', '__proto__']) {
      it(`with valid names: not \`${name.slice(0, 20)}\``, () => {
        const attributes = Object.defineProperty({}, name, { value: 'x', enumerable: true });
        expect(refusalOf(attributed(attributes), 1).failure.error).to.have.property('reason', 'attributes');
      });
    }
  });

  describe('A refusal is a typed result that names the path, not the value.', () => {
    for (const { what, value, refusal } of REFUSED) {
      it(`${what}: typed, not retryable, and its value is in no text`, () => {
        const one = refusal();
        const { failure, events } = one;
        expect(failure.error).to.satisfy(
          (error: unknown) => error instanceof ValidationFailedError || error instanceof InvalidMessageError,
        );
        expect(failure.value).to.equal(value);
        expect([failure.retryable, failure.outcomeUnknown]).to.deep.equal([false, false]);
        expect(events.map(({ type }) => type)).to.deep.equal(['publishFailed']);
        expect(textsOf(one)).not.to.contain(SECRET);
      });
    }

    it('names every path, with what was expected there', () => {
      const { failure } = refusalOf(Orders, { id: 1, total: SECRET, lines: [{ sku: 'x' }, { sku: 2 }] });
      expect(failure.error).to.have.deep.property('paths', [
        '/id: expected string',
        '/total: expected number',
        '/lines/1/sku: expected string',
      ]);
    });
  });
});
