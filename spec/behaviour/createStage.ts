import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { type Observable, timer } from 'rxjs';
import type { Attributes, AwsCalls, BatchResponse } from '../../src/client/client.js';
import { AWSConnectionError } from '../../src/errors.js';
import type { RawMessage } from '../../src/message/rawMessage.js';
import { mergedQueuePolicy } from '../../src/topology/queuePolicy.js';
import { entriesOf } from './drafts.js';
import { run, type Script } from './script.js';
import type { Queue, Stage } from './stage.js';

/** SQS's codes had it once, and some still have: they are told apart without it. */
const PREFIX = /^AWS\.SimpleQueueService\./;

/** The code that a call fails with; undefined where it succeeds. */
export function* callFault(call$: Observable<unknown>): Script<string | undefined> {
  try {
    yield* run(call$);
    return undefined;
  } catch (error) {
    if (error instanceof AWSConnectionError) return error.code.replace(PREFIX, '');
    throw error;
  }
}

/** A stage whose names all begin with `prefix`. */
export function createStage(calls: AwsCalls, prefix: string): Stage {
  let names = 0;

  const stage: Stage = {
    calls,
    name: (kind) => {
      names += 1;
      return `${prefix}-${names}-${kind}`;
    },
    *wait(ms) {
      yield* run(timer(ms));
    },
    queue: (attributes = {}) => queueOf(stage.name('queue'), attributes),
    fifoQueue: (attributes = {}) => queueOf(stage.name('queue.fifo'), { FifoQueue: 'true', ...attributes }),
    topic: (attributes = {}) => run(calls.createTopic({ name: stage.name('topic'), attributes })),
    fifoTopic: (attributes = {}) =>
      run(calls.createTopic({ name: stage.name('topic.fifo'), attributes: { FifoTopic: 'true', ...attributes } })),
    *allow(topicArn, { url: queueUrl, arn }) {
      const { Policy } = yield* run(calls.getQueueAttributes({ queueUrl, names: ['Policy'] }));
      const merged = mergedQueuePolicy(Policy, arn, topicArn);
      if (E.isLeft(merged)) throw merged.left;
      if (merged.right === undefined) return;
      yield* run(calls.setQueueAttributes({ queueUrl, attributes: { Policy: merged.right } }));
    },
    *subscribe(topicArn, queue, attributes = {}) {
      yield* stage.allow(topicArn, queue);
      return yield* run(calls.subscribe({ topicArn, queueArn: queue.arn, attributes }));
    },
    *send({ url: queueUrl }, ...drafts) {
      allDone(yield* run(calls.sendBatch({ queueUrl, entries: entriesOf(drafts) })), drafts.length);
    },
    *publish(topicArn, ...drafts) {
      return allDone(yield* run(calls.publishBatch({ topicArn, entries: entriesOf(drafts) })), drafts.length);
    },
    receive: ({ url: queueUrl }, options) => run(calls.receive({ ...DEFAULTS, ...options, queueUrl })),
    *take(queue, count, options = {}) {
      const taken: RawMessage[] = [];
      while (taken.length < count) {
        const received = yield* stage.receive(queue, { maxMessages: Math.min(count - taken.length, 10), ...options });
        if (received.length === 0) break;
        taken.push(...received);
      }
      expect(taken, 'messages that came').to.have.lengthOf(count);
      return taken;
    },
    *takeOne(queue, options) {
      const [message] = yield* stage.take(queue, 1, options);
      if (message === undefined) throw new Error('take() gave fewer than it was asked for');
      return message;
    },
    *nothing(queue) {
      expect(yield* stage.receive(queue), 'messages that came').to.deep.equal([]);
    },
    *delete({ url: queueUrl }, ...messages) {
      const entries = messages.map(({ receiptHandle }, position) => ({ id: String(position), receiptHandle }));
      allDone(yield* run(calls.deleteBatch({ queueUrl, entries })), messages.length);
    },
    *hide(queue, { receiptHandle }, visibilityTimeoutSeconds) {
      expect(yield* stage.visibilityFault(queue, receiptHandle, visibilityTimeoutSeconds)).to.equal(undefined);
    },
    deleteFault: ({ url: queueUrl }, receiptHandle) =>
      entryFault(calls.deleteBatch({ queueUrl, entries: [{ id: '0', receiptHandle }] })),
    visibilityFault: ({ url: queueUrl }, receiptHandle, visibilityTimeoutSeconds) =>
      entryFault(
        calls.changeVisibilityBatch({ queueUrl, entries: [{ id: '0', receiptHandle, visibilityTimeoutSeconds }] }),
      ),
    sendFault: ({ url: queueUrl }, draft) => entryFault(calls.sendBatch({ queueUrl, entries: entriesOf([draft]) })),
    publishFault: (topicArn, draft) => entryFault(calls.publishBatch({ topicArn, entries: entriesOf([draft]) })),
  };
  return stage;

  function* queueOf(queueName: string, attributes: Attributes): Script<Queue> {
    const url = yield* run(calls.createQueue({ queueName, attributes }));
    const { QueueArn = '' } = yield* run(calls.getQueueAttributes({ queueUrl: url, names: ['QueueArn'] }));
    return { name: queueName, url, arn: QueueArn };
  }
}

const DEFAULTS = { maxMessages: 10, waitTimeSeconds: 1, visibilityTimeoutSeconds: 30 };

function allDone<Done extends { readonly id: string }>(
  { successful, failed }: BatchResponse<Done>,
  count: number,
): readonly Done[] {
  expect(failed).to.deep.equal([]);
  expect(successful).to.have.lengthOf(count);
  return successful;
}

/** What came of the one entry of a batch. */
function* entryFault(call$: Observable<BatchResponse>): Script<string | undefined> {
  const { successful, failed } = yield* run(call$);
  expect([...successful, ...failed], 'answers to the entry').to.have.lengthOf(1);
  for (const { senderFault } of failed) expect(senderFault).to.equal(true);
  return failed[0]?.code;
}
