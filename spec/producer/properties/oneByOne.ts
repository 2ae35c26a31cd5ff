import { MessagingError, publishEvent } from '../../../src/index.js';
import type { Producer, ProducerParts } from './producer.js';

const aborted = new Error('aborted');

/** Values go through `publishEvent`, one by one. What its promises tell is heard when all is over: they know no virtual time. */
export function createOneByOne<A>({ world, client, topic, desk, valueOf, after }: ProducerParts<A>): Producer {
  desk.loses(true);
  const at = Infinity;
  return {
    begin: () => undefined,
    handIn: (burst) => {
      for (let count = 0; count < burst.count; count += 1) {
        const item = desk.enter(burst);
        const controller = new AbortController();
        const told = publishEvent(client, topic, valueOf(item), { signal: controller.signal });
        const heard = told.then(
          ({ messageId }) => desk.hearLate(item, { at, messageId }),
          (error: unknown) => {
            if (error === aborted) item.isAborted = true;
            else if (error instanceof MessagingError) desk.hearLate(item, { at, error });
            else desk.complain(`it failed with ${String(error)}`);
          },
        );
        world.promises.push(heard);
        if (burst.abortsAfter === undefined) continue;
        after(burst.abortsAfter, () => {
          desk.abort(item);
          controller.abort(aborted);
        });
      }
    },
    end: () => undefined,
    unsubscribe: () => undefined,
    isOver: () => desk.pending() === 0,
    faults: () => [],
  };
}
