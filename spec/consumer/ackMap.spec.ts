import { expect } from 'chai';
import { EMPTY, finalize, type MonoTypeOperatorFunction, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import sinon from 'sinon';
import { ackMap } from '../../src/consumer/ackMap.js';
import { ConfigurationError, MessageProcessingError } from '../../src/errors.js';
import type { Message } from '../../src/message/message.js';
import { ack, ignore, retryAfter } from '../../src/message/settlement.js';
import { fakeConsumer, fill } from '../helpers/fakeConsumer.js';
import { settlementLog } from '../helpers/fakeMessage.js';
import { at, marbles } from '../helpers/marbles.js';
import { watchUnhandled } from '../helpers/watchUnhandled.js';

/** A message of group `A` of a FIFO queue. */
const inGroup = (groupId: string): Partial<Message<string>> => ({ groupId, sequenceNumber: '1' });

describe('ackMap', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('acknowledges when the inner completes, and only then', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const source = m.hot('   -m----------|', { m: message('m') });
      const inner = m.cold('    --x--|      ');
      const subs = '           -^----!      ';
      const expected = '       ---x--------|';
      m.expectObservable(source.pipe(ackMap(() => inner))).toBe(expected);
      m.expectSubscriptions(inner.subscriptions).toBe(subs);
      at(m, 5, () => {
        expect(settled).to.deep.equal([]);
      });
      m.flush();
      expect(settled).to.deep.equal(['m: ack']);
    });
  });

  it('gives value and message to the project function', () => {
    marbles((m) => {
      const { message } = settlementLog();
      const one = message('m');
      const result$ = m.cold('m|', { m: one }).pipe(ackMap((value, given) => of([value, given === one])));
      m.expectObservable(result$).toBe('r|', { r: ['m', true] });
    });
  });

  it('redelivers with backoff and full jitter when the inner errors; the output goes on', () => {
    sinon.stub(Math, 'random').returns(0.5);
    marbles((m) => {
      const { settled, message } = settlementLog();
      const source = m.cold('  a-b-|', { a: message('a'), b: message('b', { receiveCount: 4 }) });
      const expected = '       --x-|';
      const result$ = source.pipe(ackMap((id) => (id === 'b' ? m.cold('x#') : throwError(() => new Error('no')))));
      m.expectObservable(result$).toBe(expected);
      m.flush();
      expect(settled).to.deep.equal(['a: retryAfter 500', 'b: retryAfter 4000']);
    });
  });

  it('takes a handler that throws synchronously for one that failed', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const result$ = m.cold('a|', { a: message('a') }).pipe(
        ackMap(() => {
          throw new Error('no');
        }),
      );
      m.expectObservable(result$).toBe('-|');
      m.flush();
      expect(settled[0]).to.match(/^a: retryAfter/);
    });
  });

  it('rejects on a non-retryable error', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const result$ = m
        .cold('a|', { a: message('a') })
        .pipe(ackMap(() => throwError(() => new MessageProcessingError('never', { retryable: false }))));
      m.expectObservable(result$).toBe('-|');
      m.flush();
      expect(settled).to.deep.equal(['a: reject']);
    });
  });

  it('lets onError decide, and falls back to the default where it throws', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const failing = (): never => {
        throw new MessageProcessingError('never', { retryable: false });
      };
      const asks: unknown[] = [];
      const one = message('a');
      const decided$ = m.cold('a|', { a: one }).pipe(
        ackMap(failing, {
          onError: (error, given) => {
            asks.push(error instanceof MessageProcessingError, given === one);
            return ignore;
          },
        }),
      );
      const thrown$ = m.cold('a|', { a: message('b') }).pipe(
        ackMap(failing, {
          onError: () => {
            throw new Error('a bug');
          },
        }),
      );
      m.expectObservable(decided$).toBe('-|');
      m.expectObservable(thrown$).toBe('-|');
      m.flush();
      expect(asks).to.deep.equal([true, true]);
      expect(settled).to.deep.equal(['a: ignore', 'b: reject']);
    });
  });

  it('cancels and fails an inner that exceeds timeoutMs', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const inner = m.cold('   x----------');
      const subs = '           ^---!      ';
      const expected = '       x---|      ';
      const errors: unknown[] = [];
      const result$ = m.cold(' (m|)       ', { m: message('m') }).pipe(
        ackMap(() => inner, {
          timeoutMs: 4,
          onError: (error) => {
            errors.push(error);
            return retryAfter(0);
          },
        }),
      );
      m.expectObservable(result$).toBe(expected);
      m.expectSubscriptions(inner.subscriptions).toBe(subs);
      m.flush();
      expect(settled).to.deep.equal(['m: retryAfter 0']);
      expect(errors[0])
        .to.be.instanceOf(MessageProcessingError)
        .with.property('message', 'the handler took longer than 4 ms');
    });
  });

  it('cancels the inner and settles nothing when the lease is lost', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const lost$: Observable<void> = m.hot('---l');
      const inner = m.cold('   x----------');
      const subs = '           ^--!       ';
      const expected = '       x--|       ';
      const result$ = m.cold(' (m|)       ', { m: message('m', { lost$ }) }).pipe(ackMap(() => inner));
      m.expectObservable(result$).toBe(expected);
      m.expectSubscriptions(inner.subscriptions).toBe(subs);
      m.flush();
      expect(settled).to.deep.equal([]);
    });
  });

  it('completes once everything is settled; the slot does not wait for the confirmation', () => {
    marbles((m) => {
      const { settled, message } = settlementLog(m.cold('-----|'));
      const source = m.cold('  (ab|)   ', { a: message('a'), b: message('b') });
      const expected = '       xx-----|';
      const result$ = source.pipe(ackMap(() => m.cold('x|'), { concurrency: 1 }));
      m.expectObservable(result$).toBe(expected);
      m.flush();
      expect(settled).to.deep.equal(['a: ack', 'b: ack']);
    });
  });

  it('goes on when a settlement could not be confirmed', () => {
    marbles((m) => {
      const { message } = settlementLog(m.cold('--#'));
      const source = m.cold('  a-b--|', { a: message('a'), b: message('b') });
      const expected = '       x-x--|';
      m.expectObservable(source.pipe(ackMap(() => of('x')))).toBe(expected);
    });
  });

  it('errors with its source, and cancels the inners', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const source = m.cold('  a--#', { a: message('a') });
      const inner = m.cold('   x---');
      const subs = '           ^--!';
      const expected = '       x--#';
      m.expectObservable(source.pipe(ackMap(() => inner))).toBe(expected);
      m.expectSubscriptions(inner.subscriptions).toBe(subs);
      m.flush();
      expect(settled).to.deep.equal([]);
    });
  });

  it('cancels the inners on unsubscribe, and settles nothing', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const source = m.cold('  a----', { a: message('a') });
      const inner = m.cold('   -----');
      const unsub = '          ---! ';
      const subs = '           ^--! ';
      m.expectObservable(source.pipe(ackMap(() => inner)), unsub).toBe('-');
      m.expectSubscriptions(inner.subscriptions).toBe(subs);
      m.expectSubscriptions(source.subscriptions).toBe(subs);
      m.flush();
      expect(settled).to.deep.equal([]);
    });
  });

  it('never, empty', () => {
    marbles((m) => {
      m.expectObservable(NEVER.pipe(ackMap(() => EMPTY))).toBe('-');
      m.expectObservable(EMPTY.pipe(ackMap(() => EMPTY))).toBe('|');
    });
  });

  it('handles up to `concurrency` messages at once', () => {
    marbles((m) => {
      const { message } = settlementLog();
      const source = m.cold('  (abc|)    ', { a: message('a'), b: message('b'), c: message('c') });
      const expected = '       --a---bc|  ';
      const inners = { a: m.cold('--a-|'), b: m.cold('------b|'), c: m.cold('---c|') };
      m.expectObservable(source.pipe(ackMap((id) => inners[id as 'a' | 'b' | 'c'], { concurrency: 2 }))).toBe(expected);
      m.expectSubscriptions(inners.c.subscriptions).toBe('----^---!');
    });
  });
});

describe('ackMap on a FIFO queue', () => {
  it('handles the messages of a group one after another, groups in parallel', () => {
    marbles((m) => {
      const { message } = settlementLog();
      const source = m.cold('  (abc|)     ', {
        a: message('a', inGroup('A')),
        b: message('b', inGroup('A')),
        c: message('c', inGroup('C')),
      });
      const first = m.cold('   ---1|      ');
      const second = m.cold('      ---2|  ');
      const other = m.cold('   -3|        ');
      const expected = '       -3-1---2|  ';
      const inners = { a: first, b: second, c: other };
      m.expectObservable(source.pipe(ackMap((id) => inners[id as 'a' | 'b' | 'c']))).toBe(expected);
      m.expectSubscriptions(second.subscriptions).toBe('----^---!');
    });
  });

  it('releases the rest of the group unprocessed after a failure, also what waits behind a busy slot', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const source = m.cold('(xabcd|)', {
        x: message('x', inGroup('X')),
        a: message('a', inGroup('A')),
        b: message('b', inGroup('A')),
        c: message('c', inGroup('A')),
        d: message('d', inGroup('D')),
      });
      const handled: string[] = [];
      const result$ = source.pipe(
        ackMap(
          (id) => {
            handled.push(id);
            return id === 'a' ? m.cold('--#') : m.cold('-|');
          },
          { concurrency: 1, onError: () => retryAfter(7) },
        ),
      );
      m.expectObservable(result$).toBe('----|');
      m.flush();
      expect(handled).to.deep.equal(['x', 'a', 'd']);
      expect(settled).to.deep.equal(['x: ack', 'a: retryAfter 7', 'b: retryAfter 0', 'c: retryAfter 0', 'd: ack']);
    });
  });

  it('releases the rest of the group when a lease is lost', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const lost$: Observable<void> = m.hot('--l');
      const source = m.cold('(ab|)', { a: message('a', { ...inGroup('A'), lost$ }), b: message('b', inGroup('A')) });
      m.expectObservable(source.pipe(ackMap(() => NEVER))).toBe('--|');
      m.flush();
      expect(settled).to.deep.equal(['b: retryAfter 0']);
    });
  });

  it('starts a new lane for a group that has come to its end, also when the message comes from within it', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const source = new Subject<Message<string>>();
      const handled: string[] = [];
      const result$ = source.pipe(
        ackMap((id) => {
          handled.push(id);
          return of(id);
        }),
      );
      at(m, 0, () => {
        result$.subscribe((id) => {
          if (id === 'a') source.next(message('b', inGroup('A')));
        });
        source.next(message('a', inGroup('A')));
        source.next(message('c', inGroup('A')));
      });
      m.flush();
      expect(handled).to.deep.equal(['a', 'b', 'c']);
      expect(settled).to.deep.equal(['a: ack', 'b: ack', 'c: ack']);
    });
  });

  it('makes no lane of a fair-queue group on a standard queue', () => {
    marbles((m) => {
      const { message } = settlementLog();
      const tenant = { groupId: 'tenant' };
      const source = m.cold('  (ab|)', { a: message('a', tenant), b: message('b', tenant) });
      m.expectObservable(source.pipe(ackMap((id) => m.cold('-(v|)', { v: id })))).toBe('-(ab|)');
    });
  });
});

describe('a handler whose teardown throws', () => {
  const unhandled = watchUnhandled();
  const thrower = <T>(): MonoTypeOperatorFunction<T> =>
    finalize(() => {
      throw new Error('released twice');
    });

  it('is acknowledged, frees its slot and its lane, and lets the output complete', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const source = m.cold('  (abc|)', {
        a: message('a', inGroup('A')),
        b: message('b', inGroup('A')),
        c: message('c', inGroup('B')),
      });
      const expected = '       --a-b-(c|)';
      const result$ = source.pipe(ackMap((id) => m.cold('--(v|)', { v: id }).pipe(thrower()), { concurrency: 1 }));
      m.expectObservable(result$).toBe(expected);
      m.flush();
      expect(settled).to.deep.equal(['a: ack', 'b: ack', 'c: ack']);
      expect(unhandled()).to.have.length(3);
    });
  });

  it('that fails as well, or takes too long, is redelivered, and the output goes on', () => {
    marbles((m) => {
      const { settled, message } = settlementLog();
      const source = m.cold('  a-b-|', { a: message('a'), b: message('b') });
      const onError = () => retryAfter(7);
      const result$ = source.pipe(
        ackMap((id) => m.cold(id === 'a' ? '-#' : '-').pipe(thrower()), { timeoutMs: 3, onError }),
      );
      m.expectObservable(result$).toBe('-----|');
      m.flush();
      expect(settled).to.deep.equal(['a: retryAfter 7', 'b: retryAfter 7']);
      expect(unhandled()).to.have.length(2);
    });
  });

  it('does not keep an unsubscribe from releasing the rest', () => {
    marbles((m) => {
      const { queue, messages$ } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 3);
        const consuming = messages$()
          .pipe(ackMap(() => NEVER.pipe(thrower())))
          .subscribe();
        at(m, 50, () => {
          consuming.unsubscribe();
        });
        at(m, 60, () => {
          expect(queue.inFlight()).to.deep.equal([]);
          expect(queue.polls()).to.equal(0);
        });
      });
      m.flush();
      expect(unhandled()).to.have.length(3);
    });
  });
});

describe('what is done', () => {
  it('is acknowledged before it is told, so that a listener who ends the consumer does not undo it', () => {
    marbles((m) => {
      const { client, queue, messages$ } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 1);
        const consuming = messages$()
          .pipe(ackMap(() => m.cold('---|')))
          .subscribe();
        client.events$.subscribe(({ type }) => {
          if (type === 'handled') consuming.unsubscribe();
        });
      });
      m.flush();
      expect(queue.ids()).to.deep.equal([]);
    });
  });
});

describe('a handler that fails without an error', () => {
  it('has failed all the same, and the event says so', () => {
    marbles((m) => {
      const { queue, messages$, events } = fakeConsumer();
      at(m, 0, () => {
        fill(queue, 1);
        const failing$ = new Observable<never>((subscriber) => {
          subscriber.error(undefined);
        });
        const consuming = messages$()
          .pipe(ackMap(() => failing$))
          .subscribe();
        at(m, 10, () => {
          consuming.unsubscribe();
        });
      });
      m.flush();
      const handled = events.flatMap((event) => (event.type === 'handled' ? [event] : []));
      expect(handled.map(({ outcome, error }) => [outcome, error?.name])).to.deep.equal([['failed', 'undefined']]);
    });
  });
});

describe('what a handler says as it is cancelled', () => {
  it('by unsubscribe comes too late: the message is released', () => {
    for (const concurrency of [Infinity, 10]) {
      marbles((m) => {
        const { queue, messages$ } = fakeConsumer();
        at(m, 0, () => {
          fill(queue, 3);
          const consuming = messages$()
            .pipe(
              ackMap(
                (value, message, { signal }) => {
                  if (value === 'v0') signal.addEventListener('abort', () => void message.settle(ack));
                  return NEVER.pipe(
                    finalize(() => {
                      if (value === 'v1') void message.settle(ack);
                    }),
                  );
                },
                { concurrency },
              ),
            )
            .subscribe();
          at(m, 10, () => {
            consuming.unsubscribe();
          });
          at(m, 100, () => {
            expect(queue.ids()).to.deep.equal(['m0', 'm1', 'm2']);
            expect(queue.inFlight()).to.deep.equal([]);
          });
        });
        m.flush();
      });
    }
  });
});

describe('a message that can not be settled, because somebody has wrapped it wrongly', () => {
  const unhandled = watchUnhandled();

  it('is reported, and keeps no slot', () => {
    const clock = sinon.useFakeTimers();
    const fault = new Error('no');
    const { message } = settlementLog();
    const wrapped = message('a', {
      settle: () => {
        throw fault;
      },
    });
    const handled: string[] = [];
    of(wrapped, message('b'))
      .pipe(ackMap((value) => of(value), { concurrency: 1 }))
      .subscribe((value) => handled.push(value));
    expect(handled).to.deep.equal(['a', 'b']);
    clock.runAll();
    clock.restore();
    expect(unhandled()).to.deep.equal([fault]);
  });
});

describe('ackMap options', () => {
  it('are checked at once, all of them', () => {
    expect(() => ackMap(() => EMPTY, { concurrency: 0, timeoutMs: -1 }))
      .to.throw(ConfigurationError)
      .with.property(
        'message',
        'concurrency: expected a whole number of at least 1, or Infinity; timeoutMs: expected a number of milliseconds above 0, up to 2147483647, or Infinity',
      );
  });

  it('include the work itself: from JavaScript it may be anything, and each message would fail', () => {
    expect(() => ackMap(undefined as unknown as () => []))
      .to.throw(ConfigurationError)
      .with.property('message', 'project: expected a function of value and message');
  });

  it('take Infinity for no bound', () => {
    expect(() => ackMap(() => of(ack), { concurrency: Infinity, timeoutMs: Infinity })).not.to.throw();
  });
});
