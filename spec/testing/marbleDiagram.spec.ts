import { expect } from 'chai';
import { TestScheduler } from 'rxjs/testing';
import { endOf, lettersOf, publications } from '../../src/testing/marbleDiagram.js';

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

  it('reads what is published, and refuses what says nothing of that', () => {
    const read = (marbles: string) => (): unknown => inRunMode(() => publications('publish(users)', marbles));
    expect(read('-a-')()).to.deep.equal([{ letter: 'a', frame: 1 }]);
    for (const sign of ['|', '#', '^', '!']) {
      expect(read(`-a${sign}`)).to.throw(`publish(users): \`${sign}\` says nothing of what is published; leave it out`);
    }
  });
});
