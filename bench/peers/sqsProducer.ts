import { SQSClient } from '@aws-sdk/client-sqs';
import { Producer } from 'sqs-producer';
import { orderPlaced } from '../server/payload.js';
import { loops } from '../work/loops.js';
import { clientOptions, queueUrlAt } from '../work/place.js';
import { serve, type Settings } from '../work/serve.js';

// sqs-producer: it sends what one call is given in batches, one after the other. It knows no SNS: this is SendMessageBatch.

interface ProducerSettings extends Settings {
  readonly loops: number;
  /** Messages of one call. */
  readonly atOnce: number;
}

serve<ProducerSettings>((endpoint, settings, gauge) => {
  const producer = Producer.create({ sqs: new SQSClient(clientOptions(endpoint)), queueUrl: queueUrlAt(endpoint) });
  let serial = 0;
  return loops(settings.loops, async () => {
    const messages = Array.from({ length: settings.atOnce }, (_, index) => {
      serial += 1;
      return { id: String(index), body: JSON.stringify(orderPlaced(serial)) };
    });
    const sent = await producer.send(messages);
    gauge.done(sent.length);
  });
});
