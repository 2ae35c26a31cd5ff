import { expect } from 'chai';
import { TestScheduler } from 'rxjs/testing';
import { endOf, hasError, lettersOf } from '../../src/testing/marbleDiagram.js';

/** The diagrams' unit is one frame within `run` alone. */
const inRunMode = <T>(read: () => T): T => new TestScheduler(() => undefined).run(read);

describe('marbleDiagram', () => {
  it('reads letters and their frames as run mode does', () => {
    const letters = inRunMode(() => lettersOf(' -a (bc) 10ms d|'));
    expect(letters.map(({ letter, frame }) => `${letter}${frame}`)).to.deep.equal(['a1', 'b2', 'c2', 'd16']);
  });

  it('knows where a diagram ends, last dashes and times included', () => {
    expect(inRunMode(() => ['', 'a', '--', '--|', '(ab)', 'a 30s ', '  a  ', '^--!', '-^-'].map(endOf))).to.deep.equal([
      0, 1, 2, 3, 4, 30_001, 1, 4, 2,
    ]);
  });

  it('sees an error', () => {
    expect(inRunMode(() => ['-a', '-#', '(a#)'].map(hasError))).to.deep.equal([false, true, true]);
  });
});
