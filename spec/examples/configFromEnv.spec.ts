import { expect } from 'chai';
import { killAll, run } from './program.js';

describe('examples: config-from-env', function () {
  this.timeout(40_000);
  afterEach(killAll);

  it('lists everything that is missing or malformed at once, without the values', async () => {
    const { code, stdout, stderr } = await run('config-from-env.ts', [], {
      AWS_TIMEOUT: 'soonish',
      AWS_TOPIC_MAP: '{"user-events":',
      AWS_ENDPOINT_URL: 'http://emulator.example.com',
    });
    expect(code).to.equal(1);
    expect(stdout).to.equal('');
    const [intro, ...faults] = stderr.trim().split('\n');
    expect(intro).to.equal('The environment does not give a configuration that works:');
    expect(faults.map((fault) => fault.trim().split(':')[0])).to.have.members([
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_REGION_NAME',
      'AWS_TIMEOUT',
      'AWS_TOPIC_MAP',
      'AWS_ENDPOINT_URL',
    ]);
    for (const value of ['soonish', 'user-events', 'emulator.example.com']) expect(stderr).to.not.include(value);
  });

  it('shows the configuration without the credentials', async () => {
    const { code, stdout, stderr } = await run('config-from-env.ts', [], {
      AWS_ACCESS_KEY_ID: 'not-for-logs',
      AWS_SECRET_ACCESS_KEY: 'not-for-logs',
      AWS_REGION_NAME: 'eu-west-1',
      AWS_SERVICE: 'billing',
    });
    expect(code, stderr).to.equal(0);
    expect(stdout).to.include("region: 'eu-west-1'").and.include("service: 'billing'");
    expect(stdout).to.not.include('not-for-logs');
  });

  it('ends every other example in the same way', async () => {
    for (const file of ['publish.ts', 'consume.ts', 'fifo.ts', 'graceful-shutdown.ts', 'http-handler.ts']) {
      const { code, stderr } = await run(file);
      expect(code, file).to.equal(1);
      expect(stderr, file)
        .to.include('AWS_REGION_NAME')
        .and.not.match(/^\s+at /m);
    }
  });
});
