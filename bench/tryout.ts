import { consumingCpu, consumingRate, slowHandlers } from './groups/consuming.js';
import { publishingCpu, publishingRate, lonePublish } from './groups/publishing.js';
import { inFlight, topics } from './groups/growth.js';
import { runGroup } from './groups/runGroup.js';
import { startServer } from './server/startServer.js';
const server = await startServer();
for (const g of [consumingCpu, consumingRate, slowHandlers, publishingCpu, publishingRate, lonePublish, inFlight, topics].filter(({ id }) => process.argv.includes(id))) {
  const t = Date.now();
  const r = await runGroup(server, { ...g, rounds: 3 });
  console.log(g.id, Date.now() - t);
  for (const c of r.cases) {
    const w = [...c.windows].sort((a, b) => a.messages - b.messages)[1]!;
    console.log(c.id.padEnd(24), ((w.cpuUserUs + w.cpuSystemUs) / w.messages).toFixed(1), (w.messages / w.elapsedMs * 1000).toFixed(0), w.serverShare.toFixed(2), w.meanBusy.toFixed(2), w.tookMs?.toFixed(2), JSON.stringify(w.counts));
  }
}
server.end();
