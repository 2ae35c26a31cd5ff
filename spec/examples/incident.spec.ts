import { expect } from 'chai';
import { killAll, start } from './program.js';

describe('examples: incident', function () {
  this.timeout(40_000);
  after(killAll);

  it('records what happens at an emulator, and replays it', async () => {
    const { code, stdout, stderr } = await start('incident.ts').ended;
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^1 column = 100ms, from /m);
    const lane = (name: string): string => new RegExp(`^${name} +(\\S+)$`, 'm').exec(stdout)?.[1] ?? '';
    expect(lane('received').replace(/[-()]/g, '')).to.be.oneOf(['abaa', 'baaa']);
    expect(lane('retried').replace(/-/g, '')).to.equal('aa');
    expect(lane('settled')).to.match(/b-+a/);
    expect(stdout).to.match(/^replayed on virtual time in \d+ ms: as it was recorded$/m);
  });
});
