import * as t from 'io-ts';
import { Subject } from 'rxjs';
import type { BatchResponse, PublishedEntry, PublishRequest } from '../../src/client/client.js';
import { topic } from '../../src/topic.js';
import { fakeClient, type FakeClient } from './fakeClient.js';

/** A client whose publish requests a spec answers by hand: promises run on real microtasks, which virtual time does not know. */
export interface AnsweringClient extends FakeClient {
  /** The values of each request so far. */
  readonly sent: () => readonly string[];
  /** Accepts what is under way, and lets run what follows of it. */
  readonly answer: () => Promise<void>;
  /** Answers until nothing is under way. */
  readonly answerAll: () => Promise<void>;
}

export const Texts = topic('texts', t.string);

/** Lets everything run that waits for microtasks, Node's streams included. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export function answering(): AnsweringClient {
  const requests: PublishRequest[] = [];
  let underWay: (() => void)[] = [];
  const fake = fakeClient({
    publishBatch: (request) => {
      requests.push(request);
      const answer = new Subject<BatchResponse<PublishedEntry>>();
      underWay.push(() => {
        answer.next({
          successful: request.entries.map(({ id, body }) => ({ id, messageId: `id-${body}` })),
          failed: [],
        });
        answer.complete();
      });
      return answer;
    },
  });
  const answer = async (): Promise<void> => {
    const answers = underWay;
    underWay = [];
    for (const accept of answers) accept();
    await settled();
  };
  return {
    ...fake,
    sent: () => requests.map(({ entries }) => entries.map(({ body }) => String(JSON.parse(body))).join(' ')),
    answer,
    answerAll: async () => {
      while (underWay.length > 0) await answer();
    },
  };
}
