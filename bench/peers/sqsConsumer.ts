import { SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { decoded } from '../work/decoded.js';
import { createHandler, type HandlerSettings } from '../work/handler.js';
import { clientOptions, queueUrlAt } from '../work/place.js';
import { serve, type Settings } from '../work/serve.js';
import { untilTrue } from '../work/untilTrue.js';

// sqs-consumer, one instance or some side by side, each of which receives ten and handles them by `handleMessageBatch`, or one
// by one by `handleMessage`.

interface ConsumerSettings extends Settings, Partial<HandlerSettings> {
  readonly instances: number;
  readonly byBatch: boolean;
}

serve<ConsumerSettings>((endpoint, settings, gauge) => {
  const sqs = new SQSClient(clientOptions(endpoint));
  const handler = createHandler(settings, gauge);
  const one = { sqs, queueUrl: queueUrlAt(endpoint), batchSize: 10 };
  const consumers = Array.from({ length: settings.instances }, () => {
    const consumer = settings.byBatch
      ? Consumer.create({
          ...one,
          handleMessageBatch: async (messages) => {
            if (handler.isPlain) for (const { Body } of messages) handler.now(decoded(Body));
            else await Promise.all(messages.map(({ Body }) => handler.later(decoded(Body))));
            return messages;
          },
        })
      : Consumer.create({
          ...one,
          handleMessage: async (message) => {
            await handler.later(decoded(message.Body));
            return message;
          },
        });
    for (const name of ['error', 'processing_error', 'timeout_error'] as const) {
      consumer.on(name, (...[error]) => {
        throw error;
      });
    }
    return consumer;
  });
  return {
    start: () => {
      for (const consumer of consumers) consumer.start();
    },
    stop: async () => {
      for (const consumer of consumers) consumer.stop();
      await untilTrue(() => consumers.every(({ status }) => !status.isPolling));
    },
  };
});
