import type { MessagingPort } from '../client/client.js';
import { queueName } from '../topology/names.js';
import type { AnyTopic } from '../topic.js';
import type { ConsumerSettings } from './consumerOptions.js';
import { createPauser, type Pauser } from './pauser.js';
import { createStopper, type Stopper } from './stopper.js';
import { createVitals, type Vitals } from './vitals.js';

/** What steers a consumer, and what is told of it. */
export interface Steering {
  readonly settings: ConsumerSettings;
  readonly stopper: Stopper;
  readonly pauser: Pauser;
  readonly vitals: Vitals;
  /** Listens to nobody any more. */
  readonly leave: () => void;
}

/** Listens, from now on, to what stops and pauses a consumer. @throws ConfigurationError for an impossible queue name. */
export function steer(port: MessagingPort, topic: AnyTopic, settings: ConsumerSettings): Steering {
  const name = queueName(port.settings, topic);
  const stopper = createStopper(settings.stop, port.closing$);
  const pauser = createPauser(settings.pause$, (error) => {
    stopper.stop({ error });
  });
  const vitals = createVitals({ port, topic: topic.name, queueName: name, stopper, pauser });
  return {
    settings,
    stopper,
    pauser,
    vitals,
    leave: () => {
      stopper.unsubscribe();
      pauser.unsubscribe();
      vitals.leave();
    },
  };
}
