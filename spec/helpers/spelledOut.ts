import { map, type Observable } from 'rxjs';
import { publishFrom, type PublishFromOptions } from '../../src/producer/publishFrom.js';
import { fakeProducer, type FakeProducer, type FakeProducerOptions, Words } from './fakeProducer.js';
import { brief } from './fakeTopic.js';

export interface SpelledOut extends FakeProducer {
  readonly results$: Observable<string>;
  /** The letters that were read, and `left` when the generator came to its end, or was returned. */
  readonly steps: readonly string[];
}

/** Publishes the letters of a text, by a generator whose every step is written down; `!` makes it throw, `x` is refused. */
export function spelledOut(
  letters: string,
  options: PublishFromOptions = {},
  fakes: FakeProducerOptions = {},
): SpelledOut {
  const fake = fakeProducer(fakes);
  const steps: string[] = [];
  function* values(): Generator<string> {
    try {
      for (const letter of letters) {
        steps.push(letter);
        if (letter === '!') throw new Error('of the generator');
        yield letter === 'x' ? (7 as unknown as string) : letter;
      }
    } finally {
      steps.push('left');
    }
  }
  const opened: Iterable<string> = { [Symbol.iterator]: values };
  const results$ = publishFrom(fake.client, Words, opened, options).pipe(map(brief));
  return { ...fake, results$, steps };
}
