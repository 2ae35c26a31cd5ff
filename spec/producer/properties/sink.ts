import { toTopic } from '../../../src/index.js';
import { broken, leave, optionsOf, type Producer, type ProducerParts } from './producer.js';

/** Values go through `toTopic`. */
export function createSink<A>(parts: ProducerParts<A>): Producer {
  const { client, topic, desk, listener, valueOf, after } = parts;
  const { production } = desk;
  const sink = toTopic(client, topic, optionsOf(production));
  const results = sink.subscribe(listener.observer);
  let drains = 0;
  let heardByOther = 0;
  // Whoever hears of results before it may have ended the sink: it hears of the last one all the same.
  results.add(sink.subscribe({ next: () => (heardByOther += 1), error: () => undefined }));

  const askForDrained = (): void => {
    drains += 1;
    sink.drained$.subscribe({
      next: () => {
        if (desk.pending() > 0) desk.complain('drained, with values without a result');
      },
      complete: () => (drains -= 1),
    });
  };

  return {
    begin: () => {
      for (const at of production.asksForDrainedAt) after(at, askForDrained);
    },
    handIn: (burst) => {
      for (let count = 0; count < burst.count; count += 1) {
        const item = desk.enter(burst);
        if (production.offers) {
          desk.checkAnswered(item, { refusal: sink.offer(valueOf(item)) });
        } else {
          sink.next(valueOf(item));
          desk.checkAnswered(item);
        }
      }
    },
    end: () => {
      desk.ends();
      if (production.ending === 'error') sink.error(broken);
      else sink.complete();
    },
    unsubscribe: () => leave(parts, () => results.unsubscribe()),
    isOver: () => desk.hasEnded() && desk.pending() === 0 && (!desk.isHeard() || listener.hasEnded()),
    faults: () => [
      ...(drains === 0 ? [] : ['drained$ did not emit']),
      ...(heardByOther === desk.heard() || !desk.isHeard() ? [] : ['not everyone heard of the same results']),
    ],
  };
}
