import { expect } from 'chai';
import { EMPTY, NEVER, type Observable } from 'rxjs';
import { createStopper, type StopReason } from '../../src/consumer/stopper.js';
import { marbles } from '../helpers/marbles.js';

const asked: StopReason = {};

describe('stopper', () => {
  it('stops once when the input emits, and tells those who ask later', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const input = cold('  --s-s|');
      const subs = '        ^-!   ';
      const { stop$ } = createStopper(input, NEVER);
      expectObservable(stop$).toBe('      --a', { a: asked });
      expectObservable(stop$, '----^').toBe('----a', { a: asked });
      expectSubscriptions(input.subscriptions).toBe(subs);
    });
  });

  it('does not stop because the input completes', () => {
    marbles(({ expectObservable }) => {
      const stopper = createStopper(EMPTY, NEVER);
      expectObservable(stopper.stop$).toBe('-');
      expect(stopper.reason).to.equal(undefined);
    });
  });

  it('stops with the error of the input', () => {
    marbles(({ cold, expectObservable }) => {
      const { stop$ } = createStopper(cold('--#'), NEVER);
      expectObservable(stop$).toBe('--a', { a: { error: 'error' } });
    });
  });

  it('stops when the client closes', () => {
    marbles(({ hot, expectObservable }) => {
      const closing$: Observable<void> = hot('--c');
      const { stop$ } = createStopper(undefined, closing$);
      expectObservable(stop$).toBe('--a', { a: asked });
    });
  });

  it('keeps the first reason', () => {
    const stopper = createStopper(undefined, NEVER);
    const first: StopReason = { error: 1 };
    stopper.stop(first);
    stopper.stop({ error: 2 });
    expect(stopper.reason).to.equal(first);
  });

  it('listens no more once unsubscribed', () => {
    marbles(({ cold, expectSubscriptions }) => {
      const input = cold('---');
      createStopper(input, NEVER).unsubscribe();
      expectSubscriptions(input.subscriptions).toBe('(^!)');
    });
  });

  it('removes its listener from an AbortSignal', () => {
    const controller = new AbortController();
    const stopper = createStopper(controller.signal, NEVER);
    stopper.unsubscribe();
    controller.abort();
    expect(stopper.reason).to.equal(undefined);
  });
});
