import type { Profile } from '../report/results.js';
import type { Server } from '../server/startServer.js';
import { startWorker, type WorkerPlan } from '../work/startWorker.js';
import { atRest } from './runGroup.js';

/** Whose time is looked at. */
export const PROFILED: readonly { readonly id: string; readonly name: string; readonly plan: WorkerPlan }[] = [
  { id: 'ourConsumer', name: 'this library, consuming', plan: { file: 'work/ourConsumer' } },
  {
    id: 'bareConsumer',
    name: 'bare SDK, 10 loops, consuming',
    plan: { file: 'work/bareConsumer', settings: { loops: 10, check: true } },
  },
  {
    id: 'ourPublisher',
    name: 'this library, publishFrom',
    plan: { file: 'work/ourPublisher', settings: { by: 'publishFrom' } },
  },
  {
    id: 'barePublisher',
    name: 'bare SDK, 10 loops of PublishBatch',
    plan: { file: 'work/barePublisher', settings: { loops: 10, batch: 10 } },
  },
];

/** Profiles each, after a window in which it is compiled. */
export async function runProfiles(server: Server, windowMs: number): Promise<readonly Profile[]> {
  const profiles: Profile[] = [];
  const on = { opened: () => undefined, closed: () => Promise.resolve() };
  for (const { id, name, plan } of PROFILED) {
    await server.configure({ latencyMs: 0 });
    const worker = await startWorker(plan, server.endpoint);
    await worker.run({ rampMs: 100, windowMs }, on);
    const { reading, shares = [] } = await worker.run({ rampMs: 100, windowMs, profile: true }, on);
    await atRest(server);
    worker.end();
    const cpuPerMessageUs = (reading.cpuUserUs + reading.cpuSystemUs) / reading.messages;
    profiles.push({ id, name, cpuPerMessageUs, shares });
  }
  return profiles;
}
