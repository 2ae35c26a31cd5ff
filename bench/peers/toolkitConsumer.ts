import { MessageHandlerConfigBuilder } from '@message-queue-toolkit/core';
import {
  AbstractSnsSqsConsumer,
  type SNSSQSConsumerDependencies,
  type SNSSQSConsumerOptions,
} from '@message-queue-toolkit/sns';
import { createHandler } from '../work/handler.js';
import { queueUrlAt, TOPIC_ARN } from '../work/place.js';
import { serve, type Settings } from '../work/serve.js';
import { type Order, OrderPlacedSchema, toolkitParts } from './toolkit.js';

// message-queue-toolkit's consumer of a topic: some sqs-consumers in it side by side, each of which receives ten.

interface ToolkitSettings extends Settings {
  readonly consumers: number;
}

type Dependencies = SNSSQSConsumerDependencies;
type Options = SNSSQSConsumerOptions<Order, undefined, undefined>;

/** Its users inherit from it; there is nothing to add. */
class OrdersConsumer extends AbstractSnsSqsConsumer<Order, undefined> {
  constructor(dependencies: Dependencies, options: Options) {
    super(dependencies, options, undefined);
  }
}

serve<ToolkitSettings>((endpoint, settings, gauge) => {
  const handler = createHandler({}, gauge);
  const dependencies: Dependencies = {
    ...toolkitParts(endpoint),
    consumerErrorResolver: {
      processError: (error) => {
        throw new Error('a message that its schema refuses', { cause: error });
      },
    },
    transactionObservabilityManager: {
      start: () => undefined,
      startWithGroup: () => undefined,
      stop: () => undefined,
      addCustomAttributes: () => undefined,
    },
  };
  const consumer = new OrdersConsumer(dependencies, {
    messageTypeResolver: { messageTypePath: 'type' },
    handlers: new MessageHandlerConfigBuilder<Order, undefined>()
      .addConfig(OrderPlacedSchema, async (order) => {
        await handler.later(order);
        return { result: 'success' };
      })
      .build(),
    locatorConfig: {
      topicArn: TOPIC_ARN,
      queueUrl: queueUrlAt(endpoint),
      subscriptionArn: `${TOPIC_ARN}:00000000-0000-4000-8000-000000000000`,
    },
    concurrentConsumersAmount: settings.consumers,
    consumerOverrides: { batchSize: 10 },
  });
  return {
    start: () => void consumer.start(),
    stop: () => consumer.close(),
  };
});
