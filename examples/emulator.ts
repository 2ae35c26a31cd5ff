import { setImmediate } from 'node:timers/promises';
import { buildApp } from 'fauxqs';
import { isMain } from './isMain.js';

/** An SNS and SQS emulator in this process. */
export interface Emulator {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one; without `port`, on a free one. fauxqs' own `startFauxqs` listens on every interface, this on loopback only. */
export async function startEmulator(port = 0): Promise<Emulator> {
  const app = buildApp({ logger: false });
  // fauxqs hands messages out to a long poll whose client has gone, and nobody sees them for a visibility timeout.
  app.addHook('onSend', async ({ raw, body }, _reply, answer) => {
    const messages = typeof answer === 'string' ? messagesIn(answer) : [];
    if (messages.length === 0) return;
    // The end of a connection may be read a turn after the request that made these messages visible.
    await setImmediate();
    await setImmediate();
    if (!raw.socket.destroyed && !raw.socket.readableEnded) return;
    const { QueueUrl } = body as { readonly QueueUrl?: string };
    for (const { ReceiptHandle } of messages) {
      await app.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ChangeMessageVisibility' },
        payload: JSON.stringify({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      });
    }
  });
  const url = await app.listen({ port, host: '127.0.0.1' });
  return { url, stop: () => app.close() };
}

/** The messages in the answer to a receive. */
function messagesIn(answer: string): readonly { readonly ReceiptHandle: string }[] {
  if (!answer.startsWith('{')) return [];
  const { Messages = [] } = JSON.parse(answer) as { readonly Messages?: readonly { readonly ReceiptHandle: string }[] };
  return Messages;
}

if (isMain(import.meta.url)) {
  const { url } = await startEmulator(4566);
  console.log('The emulator runs until Ctrl-C. In another terminal, for the examples:');
  console.log(`  export AWS_ENDPOINT_URL=${url} AWS_REGION_NAME=us-east-1`);
  console.log('  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test');
}
