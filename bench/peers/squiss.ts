import { type Message, SQS, Squiss } from 'squiss-ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { checked } from '../work/decoded.js';
import { createHandler, type HandlerSettings } from '../work/handler.js';
import { clientOptions, queueUrlAt } from '../work/place.js';
import { serve, type Settings } from '../work/serve.js';

// squiss-ts, which takes the envelope off and parses the body by itself; its defaults but for those.

interface SquissSettings extends Settings, Partial<HandlerSettings> {
  readonly maxInFlight: number;
}

/** Longer than the answer to a receive that is under way takes. */
const LAST_ANSWER_MS = 100;

serve<SquissSettings>((endpoint, settings, gauge) => {
  const handler = createHandler(settings, gauge);
  const squiss = new Squiss({
    SQS: new SQS(clientOptions(endpoint)),
    queueUrl: queueUrlAt(endpoint),
    maxInFlight: settings.maxInFlight,
    bodyFormat: 'json',
    unwrapSns: true,
  });
  const handle = async (message: Message): Promise<void> => {
    const order = checked(message.body);
    if (handler.isPlain) handler.now(order);
    else await handler.later(order);
    await message.del();
  };
  squiss.on('message', (message) => void handle(message));
  squiss.on('error', (error) => {
    throw error;
  });
  return {
    start: () => void squiss.start(),
    stop: async () => {
      await squiss.stop(true);
      // It does not wait for a receive under way, and would delete what that brings two seconds later.
      await sleep(LAST_ANSWER_MS);
      await squiss.stop(true);
    },
  };
});
