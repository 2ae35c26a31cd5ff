import { Subject, takeUntil } from 'rxjs';
import { publishTo } from '../../../src/index.js';
import { broken, leave, optionsOf, type Producer, type ProducerParts } from './producer.js';

/** Values go through `publishTo`. */
export function createStream<A>(parts: ProducerParts<A>): Producer {
  const { client, topic, desk, listener, valueOf } = parts;
  const { stopOnError, ending } = desk.production;
  const source = new Subject<A>();
  const left = new Subject<void>();
  return {
    begin: () => {
      const options = { ...optionsOf(desk.production), stopOnError };
      source.pipe(publishTo(client, topic, options), takeUntil(left)).subscribe(listener.observer);
    },
    handIn: (burst) => {
      // What nobody takes is not handed in.
      for (let count = 0; count < burst.count && source.observed; count += 1) {
        const item = desk.enter(burst);
        source.next(valueOf(item));
        desk.checkAnswered(item);
      }
    },
    end: () => {
      desk.ends();
      if (ending === 'error') source.error(broken);
      else source.complete();
    },
    unsubscribe: () => leave(parts, () => left.next()),
    isOver: () => !source.observed && desk.pending() === 0 && (!desk.isHeard() || listener.hasEnded()),
    faults: () => (source.observed ? ['the source is still observed'] : []),
  };
}
