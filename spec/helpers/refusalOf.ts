import { inspect } from 'node:util';
import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import type { MessagingEvent } from '../../src/events.js';
import type { PublishFailure, PublishResult } from '../../src/producer/publishResult.js';
import { publishTo } from '../../src/producer/publishTo.js';
import type { Topic } from '../../src/topic.js';
import { fakeClient } from './fakeClient.js';
import { fakeTopic } from './fakeTopic.js';
import { marbles } from './marbles.js';

export interface Refused<A> {
  readonly failure: PublishFailure<A>;
  readonly result: PublishResult<A>;
  readonly events: readonly MessagingEvent[];
}

/** Publishes one value to SNS, and gives back what it was refused with, and what was told of it. */
export function refusalOf<A>(of: Topic<A>, value: unknown): Refused<A> {
  const { client, requests, events } = fakeClient(fakeTopic().calls);
  const results: PublishResult<A>[] = [];
  marbles(({ cold, flush }) => {
    cold('(x|)', { x: value as A })
      .pipe(publishTo(client, of))
      .subscribe((result) => results.push(result));
    flush();
  });
  const [result] = results;
  if (result === undefined || results.length > 1 || E.isRight(result)) return expect.fail('not one refusal');
  expect(requests).to.deep.equal([]);
  return { failure: result.left, result, events };
}

/** Every text in which a failure may get into a log. */
export function textsOf({ failure, result, events }: Refused<unknown>): string {
  const { error } = failure;
  const told = [
    failure,
    result,
    error,
    error.stack,
    error.cause,
    Object.entries(failure),
    Object.entries(error),
    events,
  ];
  const inspected = told.map((one) => inspect(one, { depth: 9, showHidden: true }));
  return [String(error), ...inspected, ...told.map((one) => JSON.stringify(one))].join('\n');
}
