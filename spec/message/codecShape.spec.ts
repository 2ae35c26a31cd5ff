import { expect } from 'chai';
import * as t from 'io-ts';
import { type CodecShape, innerOf, unwrapped } from '../../src/message/codecShape.js';

const shape = (codec: t.Mixed): CodecShape => codec;
const User = t.type({ id: t.string });
const Recursive: t.Type<t.TypeOf<typeof User>> = t.recursion('Recursive', () => User);

describe('codecShape', () => {
  it('shows what is inside a wrapper', () => {
    const Refined = t.refinement(User, () => true);
    for (const wrapper of [t.exact(User), t.readonly(User), Refined, t.brand(User, (_): _ is never => true, 'Known')]) {
      expect(innerOf(shape(wrapper))).to.equal(User);
    }
    expect(innerOf(shape(Recursive))).to.equal(User);
  });

  it('shows nothing inside what adds a key to the path, or is of another make', () => {
    const Foreign = new t.Type('Foreign', t.string.is, t.string.validate, t.identity);
    for (const codec of [t.string, User, t.array(User), t.readonlyArray(User), t.union([User, t.string]), Foreign]) {
      expect(innerOf(shape(codec))).to.equal(undefined);
    }
  });

  it('unwraps all the way', () => {
    expect(unwrapped(shape(t.readonly(t.exact(User))))).to.equal(User);
    expect(unwrapped(shape(User))).to.equal(User);
  });
});
