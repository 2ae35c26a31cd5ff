import { expect } from 'chai';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { ValidationFailedError } from '../../src/errors.js';
import { codecThrew, decodeBy, pathsOf } from '../../src/message/validation.js';

const CONTEXT = { topic: 'users', messageId: 'm1' };

function paths(codec: t.Mixed, input: unknown): string[] {
  const decoded = codec.decode(input);
  return E.isLeft(decoded) ? pathsOf(decoded.left) : [];
}

describe('pathsOf', () => {
  it('says where and what was expected', () => {
    const Order = t.type({ id: t.string, lines: t.array(t.type({ count: t.number })) });
    expect(paths(Order, { id: 1, lines: [{ count: 1 }, { count: 'SECRET' }, null] })).to.deep.equal([
      '/id: expected string',
      '/lines/1/count: expected number',
      '/lines/2: expected { count: number }',
    ]);
    expect(paths(Order, 'SECRET')).to.deep.equal([`/: expected ${Order.name}`]);
  });

  it('shows no key of a record, for it is data', () => {
    const Ages = t.type({ ages: t.record(t.string, t.record(t.string, t.number)) });
    expect(paths(Ages, { ages: { SECRET: { 'SECRET@example.org': 'x' } } })).to.deep.equal([
      '/ages/*/*: expected number',
    ]);
    const Strict = t.readonly(t.record(t.keyof({ a: null }), t.number));
    expect(paths(t.type({ of: Strict }), { of: { a: 'x' } })).to.deep.equal(['/of/*: expected number']);
  });

  it('shows no key that a codec without a visible structure has read, for it may be that of a record', () => {
    const Counts = t.UnknownRecord.pipe(
      t.record(t.string, t.number) as t.Type<object, t.TypeOf<typeof t.UnknownRecord>, object>,
      'Counts',
    );
    expect(paths(t.type({ of: Counts }), { of: { 'SECRET@example.org': 'x' } })).to.deep.equal([
      '/of/*: expected number',
    ]);
  });

  it('shows the positions in arrays and tuples', () => {
    const Both = t.type({ list: t.readonlyArray(t.number), pair: t.tuple([t.string, t.number]) });
    expect(paths(Both, { list: [1, 'x'], pair: ['a', 'x'] })).to.deep.equal([
      '/list/1: expected number',
      '/pair/1: expected number',
    ]);
  });

  it('leaves out the numbers that io-ts gives the members of unions and intersections', () => {
    const Event = t.union([
      t.type({ type: t.literal('a'), n: t.number }),
      t.type({ type: t.literal('b'), n: t.string }),
    ]);
    expect(paths(Event, { type: 'b', n: 1 })).to.deep.equal(['/n: expected string']);
    expect(paths(t.type({ x: t.union([t.string, t.number]) }), { x: true })).to.deep.equal([
      '/x: expected string',
      '/x: expected number',
    ]);
    const Both = t.type({ x: t.readonly(t.intersection([t.type({ a: t.string }), t.partial({ b: t.number })])) });
    expect(paths(Both, { x: { a: 1, b: 'x' } })).to.deep.equal(['/x/a: expected string', '/x/b: expected number']);
  });

  it('keeps the positions of arrays and tuples', () => {
    expect(
      paths(t.array(t.tuple([t.number, t.string])), [
        [1, 'x'],
        ['y', 'z'],
      ]),
    ).to.deep.equal(['/1/0: expected number']);
  });

  it('says of errors without a context that another type was expected', () => {
    expect(pathsOf([{ value: 'SECRET', context: [] }])).to.deep.equal(['/: expected another type']);
  });

  it('never shows a value, nor a key that is data', () => {
    const Input = t.type({
      text: t.number,
      choice: t.union([t.number, t.type({ kind: t.literal('x'), of: t.number })]),
      items: t.array(t.number),
      named: t.record(t.string, t.number),
    });
    const secret = fc.constantFrom('SECRET', ['SECRET'], { SECRET: 'SECRET' }, { kind: 'x', of: 'SECRET' }, 1);
    const input = fc.record(
      { text: secret, choice: secret, items: fc.array(secret), named: fc.dictionary(fc.constant('SECRET'), secret) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(input, secret), (value) => {
        expect(JSON.stringify(paths(Input, value))).not.to.include('SECRET');
      }),
    );
  });
});

describe('decodeBy', () => {
  it('gives what the codec decodes to', () => {
    expect(decodeBy(t.string, 'a', CONTEXT)).to.deep.equal(E.right('a'));
  });

  it('refuses with the paths and the ids of the message', () => {
    const decoded = decodeBy(t.type({ id: t.string }), { id: 'SECRET'.length }, CONTEXT);
    const error = new ValidationFailedError(['/id: expected string'], CONTEXT);
    expect(E.isLeft(decoded) && decoded.left.toJSON()).to.deep.equal(error.toJSON());
  });

  it('takes a codec that throws for one that refuses, and keeps nothing of what it threw', () => {
    const Throwing = new t.Type<string>(
      'Throw\ning',
      t.string.is,
      (input) => {
        throw new Error(String(input));
      },
      t.identity,
    );
    const decoded = decodeBy(Throwing, 'SECRET', CONTEXT);
    const error = new ValidationFailedError(['/: the codec Throw?ing threw'], CONTEXT);
    expect(E.isLeft(decoded) && decoded.left.toJSON()).to.deep.equal(error.toJSON());
    expect(codecThrew(Throwing, CONTEXT).toJSON()).to.deep.equal(error.toJSON());
  });
});
