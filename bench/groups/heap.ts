import type { HeapResult, HeapSample } from '../report/results.js';
import { forkBench } from '../work/forkBench.js';

/** What the heap of a consumer holds while so many messages come and go. */
export async function runHeap(messages: number): Promise<HeapResult> {
  const samples = await forkBench<readonly HeapSample[]>('work/ourHeap', [String(messages)], ['--expose-gc']);
  return { messages, samples };
}
