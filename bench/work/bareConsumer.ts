import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { decoded, parsed } from './decoded.js';
import { createHandler, type HandlerSettings } from './handler.js';
import { loops } from './loops.js';
import { clientOptions, queueUrlAt } from './place.js';
import { serve, type Settings } from './serve.js';

// The loop everyone writes: receive ten, handle them, delete them, receive again; some of them side by side.

interface BareSettings extends Settings, Partial<HandlerSettings> {
  readonly loops: number;
  /** Whether values are checked by the codec, or only parsed. */
  readonly check: boolean;
  /** Whether each message has a promise of its own, also where its work is done at once. */
  readonly promises?: boolean;
}

serve<BareSettings>((endpoint, settings, gauge) => {
  const sqs = new SQSClient(clientOptions(endpoint));
  const QueueUrl = queueUrlAt(endpoint);
  const handler = createHandler(settings, gauge);
  const read = settings.check ? decoded : parsed;
  return loops(settings.loops, async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
    );
    if (Messages.length === 0) return;
    if (handler.isPlain && settings.promises !== true) for (const { Body } of Messages) handler.now(read(Body));
    else await Promise.all(Messages.map(({ Body }) => handler.later(read(Body))));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) throw new Error('a message was not deleted');
  });
});
