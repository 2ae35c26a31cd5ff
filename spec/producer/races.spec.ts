import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { map, Subject, takeUntil } from 'rxjs';
import { clientClosed } from '../../src/client/observeCalls.js';
import { OPERATIONS } from '../../src/client/operations.js';
import { publishEvent } from '../../src/producer/publishEvent.js';
import { publishFrom } from '../../src/producer/publishFrom.js';
import { topic } from '../../src/topic.js';
import { createTestBroker } from '../../src/testing/index.js';
import { at, marbles } from '../helpers/marbles.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

const Words = topic('words', t.string);

/** What is published as the letter of its value. */
const toLetter = map(
  E.match(
    ({ error }: { readonly error: Error }) => error.message,
    ({ value }: { value: string }) => value,
  ),
);

describe('a value that is aborted while it waits for its turn', () => {
  it('leaves no timer behind when the client is closed', () => {
    marbles((helpers) => {
      const { flush, scheduler } = helpers;
      const broker = createTestBroker({ topics: [Words], rateLimit: 0.5 });
      const controller = new AbortController();
      void publishEvent(broker, Words, 'first');
      at(helpers, 1, () => {
        publishEvent(broker, Words, 'second', { signal: controller.signal }).catch(() => undefined);
      });
      at(helpers, 2, () => controller.abort());
      at(helpers, 3, () => void broker.close());
      flush();
      // The turn of the second would have come at 2 s.
      expect(scheduler.frame).to.equal(3);
      expect(broker.messages(Words).map(({ body }) => body)).to.deep.equal(['"first"']);
    });
  });
});

describe('a generator that brings its own end about while it is read', () => {
  const unhandled = watchUnhandled();

  it('is returned once it has yielded, when nobody hears of results any more', () => {
    marbles(({ expectObservable, flush }) => {
      const broker = createTestBroker({ topics: [Words], latencyMs: 2 });
      const left = new Subject<void>();
      const told: string[] = [];
      function* words(): Generator<string> {
        try {
          yield 'a';
          left.next();
          yield 'b';
          told.push('read on');
        } finally {
          told.push('returned');
        }
      }
      expectObservable(publishFrom(broker, Words, words()).pipe(takeUntil(left), toLetter)).toBe('|');
      flush();
      expect(told).to.deep.equal(['returned']);
      expect(broker.messages(Words).map(({ body }) => body)).to.deep.equal(['"a"']);
      expect(unhandled()).to.deep.equal([]);
    });
  });

  it('is returned once it has yielded, when it closes the client', () => {
    marbles(({ expectObservable, flush }) => {
      const broker = createTestBroker({ topics: [Words], latencyMs: 2 });
      const told: string[] = [];
      function* words(): Generator<string> {
        try {
          yield 'a';
          void broker.close();
          yield 'b';
          told.push('read on');
        } finally {
          told.push('returned');
        }
      }
      const results$ = publishFrom(broker, Words, words()).pipe(toLetter);
      expectObservable(results$).toBe('--(a#)', { a: 'a' }, clientClosed(OPERATIONS.publishBatch));
      flush();
      expect(told).to.deep.equal(['returned']);
      expect(unhandled()).to.deep.equal([]);
    });
  });
});
