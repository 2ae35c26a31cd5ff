// Fails the run when a spec leaves a timer or a socket behind, and names the first spec after which there was one. Mocha
// itself would wait for it, in silence and possibly for ever.
import { setTimeout } from 'node:timers/promises';

const GRACE_MS = 2_000;

const openHandles = () => process.getActiveResourcesInfo().filter((name) => /^(Timeout|TCP\w*|TLS\w*)$/.test(name));

let before = 0;
let suspect;

export const mochaHooks = {
  async beforeAll() {
    // Mocha starts a hook's timer once the hook has returned its promise.
    await Promise.resolve();
    before = openHandles().length;
  },
  async afterEach() {
    await Promise.resolve();
    suspect = openHandles().length > before ? (suspect ?? this.currentTest.fullTitle()) : undefined;
  },
  async afterAll() {
    await Promise.resolve();
    const deadline = Date.now() + GRACE_MS;
    while (openHandles().length > before && Date.now() < deadline) await setTimeout(10, undefined, { ref: false });
    const left = openHandles();
    if (left.length > before) throw new Error(`${left.join(', ')} left open, first after: ${suspect}`);
  },
};
