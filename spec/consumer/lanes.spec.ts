import { expect } from 'chai';
import { EMPTY, from, map, type Observable, of, range, tap, timer } from 'rxjs';
import { inLanes } from '../../src/consumer/lanes.js';
import type { Message } from '../../src/message/message.js';
import { settlementLog } from '../helpers/fakeMessage.js';
import { marbles } from '../helpers/marbles.js';

/** Enough of them to overflow the stack, were the next begun within the end of the last. */
const MANY = 20_000;

const { message } = settlementLog();
const inGroup = (groupId: string): Partial<Message<string>> => ({ groupId, sequenceNumber: '1' });
const released = (): void => expect.fail('nothing failed');

describe('inLanes', () => {
  /** How deep the stack is, within so many calls. */
  const depth = (): number => (new Error().stack ?? '').split('\n').length;

  for (const [what, more] of [
    ['behind a busy slot', {}],
    ['in one lane', inGroup('g')],
  ] as const) {
    it(`begins work that ends at once in the same depth each time, ${what}`, () => {
      const limit = Error.stackTraceLimit;
      Error.stackTraceLimit = 1_000;
      marbles((m) => {
        const depths = new Set<number>();
        let handled = 0;
        const handle = (_: unknown): Observable<string> =>
          handled++ === 0
            ? timer(10).pipe(map(() => '0'))
            : EMPTY.pipe(
                tap({
                  complete: () => {
                    if (handled < 50) depths.add(depth());
                  },
                }),
              );
        const result$ = range(MANY).pipe(
          map((index) => message(String(index), more)),
          inLanes(handle, released, 1),
        );
        m.expectObservable(result$).toBe('10ms (a|)', { a: '0' });
        m.flush();
        expect(handled).to.equal(MANY);
        expect(depths.size).to.be.at.most(2);
      });
      Error.stackTraceLimit = limit;
    });
  }

  it('handles a synchronous source at once, in order', () => {
    const handled: string[] = [];
    from(['a', 'b', 'c'])
      .pipe(
        map((id) => message(id)),
        inLanes((one) => of(one.id), released, Infinity),
      )
      .subscribe((id) => handled.push(id));
    expect(handled).to.deep.equal(['a', 'b', 'c']);
  });

  it('handles groups side by side, and each of them one by one', () => {
    marbles((m) => {
      const source = m
        .cold('  (abc|)', { a: 'a1', b: 'a2', c: 'b1' })
        .pipe(map((id) => message(id, inGroup(id[0] ?? ''))));
      const a = m.cold('       --x|');
      const b = m.cold('       -y|');
      const expected = '       -yx--x|';
      const result$ = source.pipe(inLanes(({ groupId }) => (groupId === 'a' ? a : b), released, Infinity));
      m.expectObservable(result$).toBe(expected);
      m.expectSubscriptions(a.subscriptions).toBe(['^--!', '---^--!']);
      m.expectSubscriptions(b.subscriptions).toBe('^-!');
    });
  });

  it('keeps groups of two queues apart that have the same name', () => {
    marbles((m) => {
      const source = m.cold('  (ab|)').pipe(map((id) => message(id, { ...inGroup('g'), topic: id })));
      const expected = '       --(ab|)';
      m.expectObservable(source.pipe(inLanes(({ id }) => timer(2).pipe(map(() => id)), released, Infinity))).toBe(
        expected,
      );
    });
  });
});
