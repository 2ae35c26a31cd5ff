import { expect } from 'chai';
import { catchError } from 'rxjs';
import { publishFrom } from '../../../src/producer/publishFrom.js';
import { fakeProducer, RECEIPTS, Words } from '../../helpers/fakeProducer.js';
import { REFUSED } from '../../helpers/fakeTopic.js';
import { codeOf } from '../../helpers/letters.js';
import { at, marbles } from '../../helpers/marbles.js';
import { spelledOut } from '../../helpers/spelledOut.js';
import { watchUnhandled } from '../../helpers/watchUnhandled.js';

describe('Producer: publishFrom, its ends', () => {
  const unhandled = watchUnhandled();

  it('Cold: each subscription opens the iterable anew.', () => {
    marbles(({ expectObservable, flush }) => {
      const { results$, steps } = spelledOut('ab');
      expect(steps).to.deep.equal([]);
      expectObservable(results$).toBe('       ----(AB|)', RECEIPTS);
      expectObservable(results$, '--^').toBe('------(AB|)', RECEIPTS);
      flush();
      expect(steps).to.deep.equal(['a', 'b', 'left', 'a', 'b', 'left']);
    });
  });

  describe('Completes when everything is read and every value has its result; an error of the iterable comes after the results of what was read.', () => {
    it('an error of the iterable', () => {
      marbles(({ expectObservable }) => {
        const { results$ } = spelledOut('ab!');
        expectObservable(results$).toBe('----(AB#)', RECEIPTS, new Error('of the generator'));
      });
    });

    it('an error that comes later, of one who opens it, or of what is no iterator', () => {
      marbles(({ expectObservable }) => {
        const { results$ } = spelledOut('ab!', { maxPending: 1 });
        expectObservable(results$).toBe('----A---(B#)', RECEIPTS, new Error('of the generator'));
        const bug = new Error('cannot be opened');
        const closed: Iterable<string> = {
          [Symbol.iterator]: () => {
            throw bug;
          },
        };
        expectObservable(publishFrom(fakeProducer().client, Words, closed)).toBe('#', {}, bug);
      });
    });
  });

  describe('Unsubscribing, and the first failure with `stopOnError`, stop the reading: the iterator is returned, or the Node stream destroyed, and what was read before is published all the same.', () => {
    it('unsubscribing', () => {
      marbles(({ expectObservable, flush }) => {
        const { results$, steps, sns } = spelledOut('abcdef', { maxPending: 2, maxRequests: 1 });
        expectObservable(results$, '-----!').toBe('----(AB)', RECEIPTS);
        flush();
        expect(steps).to.deep.equal(['a', 'b', 'c', 'd', 'left']);
        expect(sns.accepted).to.deep.equal(['a', 'b', 'c', 'd']);
      });
    });

    it('the first failure with `stopOnError`: an answer', () => {
      marbles(({ flush }) => {
        const fare = (value: string) => (value === 'c' ? REFUSED : 'accepted');
        const { results$, steps, sns } = spelledOut('abcdefgh', { maxPending: 2, stopOnError: true }, { fare });
        const seen: string[] = [];
        results$.subscribe({
          next: (result) => seen.push(result),
          error: (error: unknown) => seen.push(String(error)),
        });
        flush();
        expect(seen).to.deep.equal(['a: id-a', 'b: id-b', 'AWSConnectionError: PublishBatch failed: InvalidParameter']);
        expect(steps).to.deep.equal(['a', 'b', 'c', 'd', 'left']);
        expect(sns.accepted).to.deep.equal(['a', 'b', 'd']);
        expect(unhandled()).to.deep.equal([]);
      });
    });

    it('the first failure with `stopOnError`: a refusal, in the middle of the first read', () => {
      marbles(({ flush }) => {
        const { results$, steps, sns } = spelledOut('abxcd', { stopOnError: true });
        const seen: string[] = [];
        results$.subscribe({ error: (error: unknown) => seen.push((error as Error).name) });
        flush();
        expect(seen).to.deep.equal(['ValidationFailedError']);
        expect(steps).to.deep.equal(['a', 'b', 'x', 'left']);
        expect(sns.accepted).to.deep.equal(['a', 'b']);
      });
    });
  });

  it('So does `client.close()`; the Observable then errors with an AWSConnectionError (`ClientClosed`), because the rest was not read.', () => {
    marbles((helpers) => {
      const { client, results$, steps, sns } = spelledOut('abcdef', { maxPending: 2 });
      const seen: string[] = [];
      results$.subscribe({ next: (result) => seen.push(result), error: (error: unknown) => seen.push(String(error)) });
      client.port.closed$.subscribe(() => sns.log.push('closed'));
      at(helpers, 6, () => void client.close());
      helpers.flush();
      const error = 'AWSConnectionError: PublishBatch failed: ClientClosed (close() was called on this client)';
      expect(seen).to.deep.equal(['a: id-a', 'b: id-b', 'c: id-c', 'd: id-d', error]);
      expect(steps).to.deep.equal(['a', 'b', 'c', 'd', 'left']);
      // The client waits for what was read.
      expect([...sns.log, ...sns.accepted]).to.deep.equal(['0: a b', '4: c d', 'closed', 'a', 'b', 'c', 'd']);
    });
  });

  it('on a closed client nothing is read', () => {
    marbles(({ expectObservable, flush }) => {
      const { client, results$, steps } = spelledOut('ab');
      void client.close();
      expectObservable(results$.pipe(catchError(codeOf))).toBe('(e|)', { e: 'ClientClosed' });
      flush();
      expect(steps).to.deep.equal([]);
    });
  });
});
