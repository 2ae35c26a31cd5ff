/**
 * A consumer in a process of its own, to be killed. It says each number in the very moment in which its handler completes,
 * by a call that has reached the pipe when it returns: what it has said stays said, whatever comes next.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, runConsumer } from '../../../src/index.js';
import { Numbers } from './numbers.js';

const [, , endpoint = '', visibilityTimeoutSeconds = '', longestMs = ''] = process.argv;

const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

let underWay = 0;
let handled = 0;
let lastEndAt = performance.now();

const client = createClient({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'top-secret' },
  environment: 'dev',
});
const stopping = new AbortController();
process.once('SIGTERM', () => {
  say(`stopping, ${String(underWay)} under way`);
  stopping.abort();
});
// Nothing ends this process but the end of all it waits for, so this tells of everything that was open.
process.once('exit', () => {
  say(`stopped, ${String(underWay)} under way, ${String(Math.round(performance.now() - lastEndAt))} ms after the last`);
});

await runConsumer(
  client,
  Numbers,
  async (number) => {
    underWay += 1;
    // Most are quick, so that polls are under way, and a few are slow, so that handlers are.
    await sleep(Math.random() ** 8 * Number(longestMs));
    underWay -= 1;
    lastEndAt = performance.now();
    handled += 1;
    say(`${String(handled)}: ${String(number)}`);
  },
  { signal: stopping.signal, visibilityTimeoutSeconds: Number(visibilityTimeoutSeconds) },
);
await client.close();
