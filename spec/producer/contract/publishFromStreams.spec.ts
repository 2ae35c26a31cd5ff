import { Readable } from 'node:stream';
import { expect } from 'chai';
import { publishFrom, type PublishFromOptions } from '../../../src/producer/publishFrom.js';
import { answering, settled, Texts } from '../../helpers/answering.js';
import { watchUnhandled } from '../../helpers/watchUnhandled.js';

const invalid = 7 as unknown as string;

/** Publishes what is read, and writes down what comes of it. Nothing is answered before a spec says so. */
async function reading(values: AsyncIterable<string>, options: PublishFromOptions = {}) {
  const fake = answering();
  const seen: string[] = [];
  const subscription = publishFrom(fake.client, Texts, values, options).subscribe({
    next: (result) => seen.push(result._tag === 'Right' ? result.right.value : result.left.error.name),
    error: (error: unknown) => seen.push(`errored by ${(error as Error).message}`),
    complete: () => seen.push('complete'),
  });
  await settled();
  return { ...fake, seen, subscription };
}

/** An async generator that writes down what it is asked for. */
function letters(text: string) {
  const steps: string[] = [];
  async function* generate(): AsyncGenerator<string> {
    try {
      for (const letter of text) {
        steps.push(letter);
        await Promise.resolve();
        if (letter === '!') throw new Error('of the generator');
        yield letter === 'x' ? invalid : letter;
      }
    } finally {
      steps.push('left');
    }
  }
  return { steps, values: generate() };
}

/** An object stream of numbers in text that reads ahead by one. */
function numbers(last = Infinity) {
  let number = 0;
  const stream = new Readable({
    objectMode: true,
    highWaterMark: 1,
    read() {
      number += 1;
      this.push(number > last ? null : String(number));
    },
  });
  return { stream, read: () => number };
}

describe('Producer: publishFrom, of async generators and Node streams', () => {
  const unhandled = watchUnhandled();

  describe('reads it only as fast as SNS accepts: arrays, generators, async generators, Node object streams.', () => {
    it('async generators', async () => {
      const { values, steps } = letters('abcdefg');
      const { sent, seen, answer, answerAll } = await reading(values, { maxPending: 2, maxRequests: 1 });
      // The second value comes while the first is under way.
      expect([steps.join(''), sent()]).to.deep.equal(['ab', ['a']]);
      await answer();
      expect([steps.join(''), sent(), seen]).to.deep.equal(['abc', ['a', 'b'], ['a']]);
      await answer();
      expect([steps.join(''), sent()]).to.deep.equal(['abcd', ['a', 'b', 'c']]);
      await answerAll();
      expect(seen).to.deep.equal([...Array.from('abcdefg'), 'complete']);
      expect(steps).to.deep.equal([...Array.from('abcdefg'), 'left']);
    });

    it('Node object streams', async () => {
      const { stream, read } = numbers(30);
      const { seen, answer, answerAll } = await reading(stream as AsyncIterable<string>, {
        maxPending: 4,
        maxRequests: 1,
      });
      // Beside what is published, the stream's own buffer holds what it reads ahead.
      expect(read()).to.be.lessThan(4 + 3);
      await answer();
      expect(read()).to.be.lessThan(seen.length + 4 + 3);
      await answerAll();
      expect(seen).to.deep.equal([...Array.from({ length: 30 }, (_, index) => String(index + 1)), 'complete']);
    });

    it('what gathers while requests are under way goes together', async () => {
      const { values } = letters('abcdefghijklmnopqrstuvw');
      const { sent, answerAll } = await reading(values, { maxRequests: 1 });
      await answerAll();
      expect(sent()).to.deep.equal(['a', 'b c d e f g h i j k', 'l m n o p q r s t u', 'v w']);
    });
  });

  describe('Completes when everything is read and every value has its result; an error of the iterable comes after the results of what was read.', () => {
    it('of an async generator that throws', async () => {
      const { seen, answerAll } = await reading(letters('ab!').values);
      expect(seen).to.deep.equal([]);
      await answerAll();
      expect(seen).to.deep.equal(['a', 'b', 'errored by of the generator']);
    });

    it('of a stream that is destroyed by an error', async () => {
      const { stream } = numbers();
      const { seen, answerAll } = await reading(stream as AsyncIterable<string>, { maxPending: 2 });
      stream.destroy(new Error('of the stream'));
      await answerAll();
      expect(seen).to.deep.equal(['1', '2', 'errored by of the stream']);
    });
  });

  describe('Unsubscribing, and the first failure with `stopOnError`, stop the reading: the iterator is returned, or the Node stream destroyed, and what was read before is published all the same.', () => {
    it('unsubscribing returns an async generator', async () => {
      const { values, steps } = letters('abcdef');
      const { subscription, sent, seen, answerAll } = await reading(values, { maxPending: 2, maxRequests: 1 });
      subscription.unsubscribe();
      await answerAll();
      expect(steps).to.deep.equal(['a', 'b', 'left']);
      expect([sent(), seen]).to.deep.equal([['a', 'b'], []]);
    });

    it('unsubscribing destroys a stream, also while it has nothing to give', async () => {
      const { stream } = numbers();
      const waiting = new Readable({ objectMode: true, read: () => undefined });
      for (const values of [stream, waiting]) {
        const { subscription, answerAll } = await reading(values as AsyncIterable<string>, { maxPending: 2 });
        subscription.unsubscribe();
        expect(values.destroyed).to.equal(true);
        await answerAll();
      }
      expect(unhandled()).to.deep.equal([]);
    });

    it('the first failure with `stopOnError` does as well', async () => {
      const { values, steps } = letters('abxcd');
      const { seen, sent, answerAll } = await reading(values, { stopOnError: true });
      const stream = Readable.from([invalid, 'a', 'b']);
      const ofStream = await reading(stream as AsyncIterable<string>, { stopOnError: true });
      await answerAll();
      expect(seen).to.deep.equal(['errored by validation failed at /: expected string']);
      expect([steps, sent()]).to.deep.equal([
        ['a', 'b', 'x', 'left'],
        ['a', 'b'],
      ]);
      expect([stream.destroyed, ofStream.sent()]).to.deep.equal([true, []]);
    });

    it('a value that is being read then is dropped, and so is an error of it', async () => {
      for (const end of ['value', 'error'] as const) {
        let finish: ((step: Promise<IteratorResult<string>>) => void) | undefined;
        const values: AsyncIterable<string> = {
          [Symbol.asyncIterator]: () => ({ next: () => new Promise((resolve) => (finish = resolve)) }),
        };
        const { subscription, sent, seen } = await reading(values);
        subscription.unsubscribe();
        finish?.(end === 'value' ? Promise.resolve({ value: 'a' }) : Promise.reject(new Error('too late')));
        await settled();
        expect([sent(), seen, unhandled()]).to.deep.equal([[], [], []]);
      }
    });
  });

  describe('So does `client.close()`; the Observable then errors with an AWSConnectionError (`ClientClosed`), because the rest was not read.', () => {
    const error = 'errored by PublishBatch failed: ClientClosed (close() was called on this client)';

    it('of an async generator: after the results of what was read', async () => {
      const { values, steps } = letters('abcdef');
      const { client, seen, answerAll } = await reading(values, { maxPending: 2 });
      const closed = client.close().then(() => seen.push('closed'));
      await settled();
      expect([seen, steps]).to.deep.equal([[], ['a', 'b', 'left']]);
      await answerAll();
      await closed;
      expect(seen).to.deep.equal(['a', 'b', error, 'closed']);
    });

    it('of a stream that has nothing to give', async () => {
      const stream = new Readable({ objectMode: true, read: () => undefined });
      const { client, seen } = await reading(stream as AsyncIterable<string>);
      await client.close();
      expect([seen, stream.destroyed]).to.deep.equal([[error], true]);
    });
  });
});
