import { loops } from '../work/loops.js';
import { serve, type Settings } from '../work/serve.js';
import { type Carrier, directCalls } from './directCalls.js';
import { type Lean, sdkCalls } from './sdkCalls.js';

// What one receive of ten and one DeleteMessageBatch cost, by how they are made; the messages themselves are not looked at.

interface LadderSettings extends Settings {
  readonly rung: Lean | Carrier;
}

serve<LadderSettings>(async (endpoint, { rung }, gauge) => {
  const { receive, remove } =
    rung === 'requestHandler' || rung === 'nodeHttp' || rung === 'undici'
      ? await directCalls(endpoint, rung)
      : sdkCalls(endpoint, rung);
  return loops(10, async () => {
    const messages = await receive();
    await remove(messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })));
    gauge.done(messages.length);
  });
});
