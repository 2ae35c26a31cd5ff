import { expect } from 'chai';
import type { Observable } from 'rxjs';
import type { Behaviour, Theme } from './behaviour.js';
import { callFault } from './createStage.js';
import { entriesOf } from './drafts.js';
import type { Script } from './script.js';
import type { Stage } from './stage.js';

/** A batch call of entries with these ids, made on a queue or topic of its own. */
type BatchOf = (ids: readonly string[]) => Observable<unknown>;

const drafts = (ids: readonly string[]) => entriesOf(ids.map((id) => ({ id, body: 'body' })));

const SQS_CALLS: Readonly<Record<string, (stage: Stage) => Script<BatchOf>>> = {
  *SendMessageBatch({ calls, queue }) {
    const { url: queueUrl } = yield* queue();
    return (ids) => calls.sendBatch({ queueUrl, entries: drafts(ids) });
  },
  *DeleteMessageBatch({ calls, queue }) {
    const { url: queueUrl } = yield* queue();
    return (ids) => calls.deleteBatch({ queueUrl, entries: ids.map((id) => ({ id, receiptHandle: 'handle' })) });
  },
  *ChangeMessageVisibilityBatch({ calls, queue }) {
    const { url: queueUrl } = yield* queue();
    const entry = { receiptHandle: 'handle', visibilityTimeoutSeconds: 1 };
    return (ids) => calls.changeVisibilityBatch({ queueUrl, entries: ids.map((id) => ({ id, ...entry })) });
  },
};

function* publishes({ calls, topic }: Stage): Script<BatchOf> {
  const topicArn = yield* topic();
  return (ids) => calls.publishBatch({ topicArn, entries: drafts(ids) });
}

interface Refusal {
  readonly what: string;
  readonly ids: readonly string[];
  readonly code: string;
  /** What the emulator does on SQS; on SNS it looks at nothing. */
  readonly emulator?: string;
}

const ELEVEN = Array.from({ length: 11 }, (_, index) => String(index));

const REFUSALS: readonly Refusal[] = [
  { what: 'no entry', ids: [], code: 'EmptyBatchRequest' },
  { what: 'eleven entries', ids: ELEVEN, code: 'TooManyEntriesInBatchRequest' },
  { what: 'the same id twice', ids: ['a', 'b', 'a'], code: 'BatchEntryIdsNotDistinct' },
  { what: 'an id with a dot', ids: ['a', 'a.b'], code: 'InvalidBatchEntryId' },
  {
    what: 'an id of 81 characters',
    ids: ['a'.repeat(81)],
    code: 'InvalidBatchEntryId',
    emulator: 'fauxqs: takes an id of any length',
  },
];

const refusing = (call: string, batchOf: (stage: Stage) => Script<BatchOf>, refusal: Refusal): Behaviour => ({
  name: `${call} of ${refusal.what} is refused as a whole`,
  ...(refusal.emulator === undefined ? {} : { emulator: refusal.emulator }),
  *script(stage) {
    const batch = yield* batchOf(stage);
    expect(yield* callFault(batch(refusal.ids))).to.equal(refusal.code);
  },
});

export const batchRules: Theme = {
  name: 'batches that are refused as a whole',
  behaviours: [
    ...Object.entries(SQS_CALLS).flatMap(([call, batchOf]) => REFUSALS.map((each) => refusing(call, batchOf, each))),
    ...REFUSALS.map((each) =>
      refusing('PublishBatch', publishes, {
        ...each,
        code: `${each.code}Exception`,
        emulator: 'fauxqs: publishes it all the same',
      }),
    ),
  ],
};
