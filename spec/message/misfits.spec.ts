import { expect } from 'chai';
import * as t from 'io-ts';
import { misfitsOf } from '../../src/message/misfits.js';

const When = new t.Type<Date, string>(
  'When',
  (input): input is Date => input instanceof Date,
  (input, context) => (typeof input === 'string' ? t.success(new Date(input)) : t.failure(input, context)),
  (date) => date.toISOString(),
);
const Created = t.type({ type: t.literal('created'), data: t.type({ id: t.string }) }, 'Created');
const Deleted = t.type({ type: t.literal('deleted'), data: t.type({ id: t.number }) }, 'Deleted');

describe('misfitsOf', () => {
  it('finds nothing in a value of the codec', () => {
    expect(misfitsOf(t.type({ at: When }), { at: new Date(0) })).to.deep.equal([]);
  });

  it('goes by the type of the value, not by its form on the wire', () => {
    expect(misfitsOf(t.type({ at: When }), { at: '1970-01-01T00:00:00.000Z' })).to.deep.equal(['/at: expected When']);
  });

  it('finds every part that is to blame, and not what holds it', () => {
    const Order = t.type({ id: t.string, lines: t.array(t.type({ count: t.number })) });
    expect(misfitsOf(Order, { id: 1, lines: [{ count: 1 }, { count: 'x' }, 'y'] })).to.deep.equal([
      '/id: expected string',
      '/lines/1/count: expected number',
      '/lines/2: expected { count: number }',
    ]);
    expect(misfitsOf(Order, { id: 'x' })).to.deep.equal(['/lines: expected Array<{ count: number }>']);
    expect(misfitsOf(Order, null)).to.deep.equal([`/: expected ${Order.name}`]);
  });

  it('asks of a partial only what is there', () => {
    const Options = t.partial({ a: t.string, b: t.number });
    expect(misfitsOf(Options, { a: undefined, b: 'x' })).to.deep.equal(['/b: expected number']);
  });

  it('shows no key of a record, for it is data', () => {
    const Ages = t.record(t.string, t.number);
    expect(misfitsOf(Ages, { 'SECRET@example.org': 'x', b: 1 })).to.deep.equal(['/*: expected number']);
  });

  it('goes through what is wrapped, and each member of an intersection, without a key', () => {
    const Strict = t.readonly(t.strict({ id: t.string }));
    expect(misfitsOf(Strict, { id: 1 })).to.deep.equal(['/id: expected string']);
    const Both = t.intersection([t.type({ a: t.string }), t.partial({ b: t.number })]);
    expect(misfitsOf(Both, { a: 1, b: 'x' })).to.deep.equal(['/a: expected string', '/b: expected number']);
    interface Tree {
      children: Tree[];
    }
    const Tree: t.Type<Tree> = t.recursion('Tree', () => t.type({ children: t.array(Tree) }));
    expect(misfitsOf(Tree, { children: [{ children: 'x' }] })).to.deep.equal([
      '/children/0/children: expected Array<Tree>',
    ]);
  });

  it('blames a wrapper whose own condition fails', () => {
    const Positive = t.brand(t.number, (n): n is t.Branded<number, { readonly Positive: symbol }> => n > 0, 'Positive');
    expect(misfitsOf(t.type({ n: Positive }), { n: -1 })).to.deep.equal(['/n: expected Positive']);
    expect(misfitsOf(t.type({ n: Positive }), { n: 'x' })).to.deep.equal(['/n: expected number']);
  });

  it('reads a tuple by position, and blames the tuple where its length is wrong', () => {
    const Pair = t.tuple([t.number, t.string]);
    expect(misfitsOf(Pair, ['x', 'y'])).to.deep.equal(['/0: expected number']);
    expect(misfitsOf(Pair, [1, 'y', 'z'])).to.deep.equal(['/: expected [number, string]']);
  });

  describe('in a union', () => {
    const Event = t.union([Created, Deleted], 'Event');

    it('goes on inside the member that was meant', () => {
      expect(misfitsOf(Event, { type: 'deleted', data: { id: 'x' } })).to.deep.equal(['/data/id: expected number']);
      expect(misfitsOf(Event, { type: 'deleted' })).to.deep.equal(['/data: expected { id: number }']);
      expect(misfitsOf(t.union([t.null, t.type({ id: t.string })]), { id: 1 })).to.deep.equal(['/id: expected string']);
    });

    it('blames the union where no member, or more than one, can have been meant', () => {
      expect(misfitsOf(Event, { type: 'SECRET', data: { id: 'x' } })).to.deep.equal(['/: expected Event']);
      expect(misfitsOf(t.type({ a: t.union([t.string, t.number]) }), { a: true })).to.deep.equal([
        '/a: expected (string | number)',
      ]);
      const Alike = t.union([t.type({ a: t.string }), t.type({ a: t.number })], 'Alike');
      expect(misfitsOf(Alike, { a: true })).to.deep.equal(['/: expected Alike']);
    });
  });

  describe('in a recursive union', () => {
    interface Node {
      readonly op: string;
      readonly [more: string]: unknown;
    }
    const deep = (depth: number, tag: (node: object) => object): object =>
      depth === 0 ? { op: 'num', n: 'x' } : tag({ left: { op: 'num', n: 1 }, right: deep(depth - 1, tag) });

    it('looks into the member that the literals tell, and into no other: each would double the work with each level', () => {
      const node = (op: string): t.Mixed => t.type({ op: t.literal(op), left: Tree, right: Tree }, op);
      const leaf = t.type({ op: t.literal('num'), n: t.number });
      const Tree: t.Type<Node> = t.recursion('Tree', () =>
        // Its type asks for two members at least.
        t.union([leaf, ...['add', 'sub', 'mul', 'div'].map(node)] as unknown as [t.Type<Node>, t.Type<Node>]),
      );
      const found = misfitsOf(
        Tree,
        deep(12, (children) => ({ op: 'add', ...children })),
      );
      expect(found).to.deep.equal([`${'/right'.repeat(12)}/n: expected number`]);
    });

    it('gives up after many looks, and blames the union, where no literal tells', () => {
      let looks = 0;
      const Counted = new t.Type<number>(
        'Counted',
        (input): input is number => {
          looks += 1;
          return typeof input === 'number';
        },
        t.number.validate,
        t.identity,
      );
      const node = (key: string): t.Mixed => t.type({ n: Counted, [key]: Tree }, key);
      const Tree: t.Type<Node> = t.recursion('Tree', () =>
        t.union(['a', 'b', 'c'].map(node) as unknown as [t.Type<Node>, t.Type<Node>]),
      );
      const alike = (depth: number): object =>
        depth === 0 ? { n: 'x' } : { n: 'x', a: alike(depth - 1), b: alike(depth - 1), c: alike(depth - 1) };
      expect(misfitsOf(Tree, alike(9))).to.deep.equal(['/: expected Tree']);
      expect(looks).to.be.lessThan(100_000);
    });
  });

  it('blames a codec of another make as a whole', () => {
    const Foreign = new t.Type('Foreign', (_): _ is never => false, t.success, t.identity);
    expect(misfitsOf(t.array(Foreign), [{ a: 'SECRET' }])).to.deep.equal(['/0: expected Foreign']);
  });

  it('says ten at most of a broken array of many', () => {
    const many = Array.from({ length: 5_000 }, () => 'x');
    expect(misfitsOf(t.array(t.number), many)).to.have.length(10);
  });
});
