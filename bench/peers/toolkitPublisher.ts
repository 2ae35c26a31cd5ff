import { AbstractSnsPublisher } from '@message-queue-toolkit/sns';
import { orderPlaced } from '../server/payload.js';
import { loops } from '../work/loops.js';
import { TOPIC_ARN } from '../work/place.js';
import { serve, type Settings } from '../work/serve.js';
import { type Order, OrderPlacedSchema, toolkitParts } from './toolkit.js';

// message-queue-toolkit's publisher: one Publish for each event.

interface ToolkitSettings extends Settings {
  readonly loops: number;
}

/** Its users inherit from it; there is nothing to add. */
class OrdersPublisher extends AbstractSnsPublisher<Order> {}

serve<ToolkitSettings>((endpoint, settings, gauge) => {
  const publisher = new OrdersPublisher(toolkitParts(endpoint), {
    messageSchemas: [OrderPlacedSchema],
    messageTypeResolver: { messageTypePath: 'type' },
    locatorConfig: { topicArn: TOPIC_ARN },
  });
  let serial = 0;
  return loops(settings.loops, async () => {
    serial += 1;
    const order = orderPlaced(serial);
    await publisher.publish({ ...order, lines: [...order.lines] });
    gauge.done(1);
  });
});
