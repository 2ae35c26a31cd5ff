import { MAX_BATCH_ENTRIES } from '../client/limits.js';
import { refuse } from './refusal.js';

/** What SNS appends to the names of its errors. */
export type CodeEnding = '' | 'Exception';

/** Refuses a whole batch: 1 to 10 entries, ids unique and in form. [A: SendMessageBatch, PublishBatch] */
export function checkBatch(entries: readonly { readonly id: string }[], ending: CodeEnding): void {
  if (entries.length === 0) refuse(`EmptyBatchRequest${ending}`);
  if (entries.length > MAX_BATCH_ENTRIES) refuse(`TooManyEntriesInBatchRequest${ending}`);
  if (!entries.every(({ id }) => /^[A-Za-z0-9_-]{1,80}$/.test(id))) refuse(`InvalidBatchEntryId${ending}`);
  if (new Set(entries.map(({ id }) => id)).size < entries.length) refuse(`BatchEntryIdsNotDistinct${ending}`);
}
