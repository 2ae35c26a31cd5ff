import { expect } from 'chai';
import fc from 'fast-check';
import { nearest } from '../../src/config/nearest.js';

const known = ['region', 'retryAttempts', 'timeoutMs', 'topicMap', 'queueMap'];

describe('nearest', () => {
  it('finds what was mistyped, whatever the case', () => {
    expect(nearest('retryAttemps', known)).to.equal('retryAttempts');
    expect(nearest('TOPICMAP', known)).to.equal('topicMap');
    expect(nearest('regino', known)).to.equal('region');
    expect(nearest('quueMapp', known)).to.equal('queueMap');
  });

  it('finds nothing for what is like none of them', () => {
    expect(nearest('logger', known)).to.equal(undefined);
    expect(nearest('region', [])).to.equal(undefined);
  });

  it('counts up to three changes', () => {
    expect(nearest('regionabc', known)).to.equal('region');
    expect(nearest('regionabcd', known)).to.equal(undefined);
    fc.assert(
      fc.property(fc.string({ maxLength: 3 }), fc.nat({ max: 6 }), (added, at) => {
        expect(nearest(`${'region'.slice(0, at)}${added}${'region'.slice(at)}`, ['region'])).to.equal('region');
      }),
    );
  });
});
