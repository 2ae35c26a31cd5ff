import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { orderPlaced } from '../server/payload.js';
import { loops } from './loops.js';
import { clientOptions, TOPIC_ARN } from './place.js';
import { serve, type Settings } from './serve.js';

// Loops around the bare SDK: each sends its next batch, or its next event alone, when the last is answered.

interface BareSettings extends Settings {
  readonly loops: number;
  readonly batch: number;
}

serve<BareSettings>((endpoint, settings, gauge) => {
  const sns = new SNSClient(clientOptions(endpoint));
  let serial = 0;
  const nextMessage = (): string => JSON.stringify(orderPlaced((serial += 1)));

  const publishBatch = async (): Promise<void> => {
    const entries = Array.from({ length: settings.batch }, (_, index) => ({
      Id: String(index),
      Message: nextMessage(),
    }));
    const { Failed = [] } = await sns.send(
      new PublishBatchCommand({ TopicArn: TOPIC_ARN, PublishBatchRequestEntries: entries }),
    );
    if (Failed.length > 0) throw new Error('an event was not published');
    gauge.done(entries.length);
  };
  const publishOne = async (): Promise<void> => {
    const begunAt = performance.now();
    await sns.send(new PublishCommand({ TopicArn: TOPIC_ARN, Message: nextMessage() }));
    gauge.took(performance.now() - begunAt);
    gauge.done(1);
  };
  return loops(settings.loops, settings.batch === 1 ? publishOne : publishBatch);
});
