import { expect } from 'chai';
import * as t from 'io-ts';
import { map, NEVER, timer } from 'rxjs';
import { ackMap, fromTopic, topic } from '../../../src/index.js';
import { messagingTest } from '../../../src/testing/index.js';
import { fakeConsumer } from '../../helpers/fakeConsumer.js';
import { marbles } from '../../helpers/marbles.js';
import { raw } from '../../helpers/raw.js';

/** How peers ask for messages, and this library does not. */
describe('polling', () => {
  it('asks for no single message at a time while slots come free one by one (squiss-ts)', () => {
    const Numbers = topic('numbers', t.number);
    messagingTest(
      ({ broker, flush }) => {
        broker.provision(Numbers);
        for (let number = 0; number < 1_000; number += 1) broker.publish(Numbers, number);
        const brought: number[] = [];
        broker.events$.subscribe((event) => {
          if (event.type === 'called' && event.operation === 'ReceiveMessage') brought.push(event.entries);
        });
        // Held: 100. From then on one comes free each millisecond.
        fromTopic(broker, Numbers)
          .pipe(ackMap((number) => timer(100 + (number % 100))))
          .subscribe();
        flush();
        expect(brought.filter((count) => count > 0)).to.deep.equal(Array.from({ length: 100 }, () => 10));
      },
      { partialReceives: false, unordered: false },
    );
  });

  it('hands out what one poll brings while another, made before, still waits (Pekko Connectors)', () => {
    marbles((m) => {
      const brings = (...ids: readonly string[]) => ids.map((id) => raw(id, { body: JSON.stringify(id) }));
      // An answer that is half full makes it two polls at once.
      const answers = [
        m.cold('-(r|)', { r: brings('a', 'b', 'c', 'd', 'e') }),
        m.cold('20s (r|)', { r: brings('x') }),
        m.cold('7ms (r|)', { r: brings('y') }),
      ];
      const { messages$ } = fakeConsumer(() => ({ receive: () => answers.shift() ?? NEVER }));
      const ids$ = messages$().pipe(map(({ value }) => value));
      m.expectObservable(ids$, '21s !').toBe('-(abcde)y 19992ms x');
    });
  });
});
