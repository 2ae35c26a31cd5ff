import type { Observer } from 'rxjs';
import { MessagingError, type PublishResult } from '../../../src/index.js';
import type { Desk } from './desk.js';
import { broken } from './producer.js';
import type { World } from './world.js';

export type Listener = ReturnType<typeof createListener>;

/** Hears the results of a producer: they may not end before everything was told. @param onResult - told of how many were heard. */
export function createListener(world: World, desk: Desk, onResult: (heard: number) => void) {
  const { complain, production } = desk;
  const { door, ending, stopOnError } = production;
  let ended: 'complete' | 'error' | undefined;

  const end = (how: 'complete' | 'error'): void => {
    if (ended !== undefined) complain('it ended twice');
    ended = how;
    if (desk.pending() > 0) complain(`${how}, with ${String(desk.pending())} values without a result`);
    desk.checkAll();
  };

  const observer: Observer<PublishResult<unknown>> = {
    next: (result) => onResult(desk.hear(result)),
    complete: () => {
      // Whoever leaves by an operator is told of an end, and not by the producer.
      if (!desk.isHeard()) return;
      if (ending !== 'complete') complain('it completed, and its source had failed');
      end('complete');
    },
    error: (error: unknown) => {
      const isCut = door === 'publishFrom' && world.broker.port.isClosing();
      if (stopOnError && door !== 'toTopic' && error instanceof MessagingError) {
        ended = 'error';
        desk.loses(true);
      } else if ((error === broken && ending === 'error') || (isCut && error instanceof MessagingError)) end('error');
      else complain(`it failed with ${String(error)}`);
    },
  };
  return { observer, hasEnded: (): boolean => ended !== undefined };
}
