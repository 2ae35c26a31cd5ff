import { batches } from './batches.js';
import { batchRules } from './batchRules.js';
import type { Theme } from './behaviour.js';
import { contents } from './contents.js';
import { deadLetters } from './deadLetters.js';
import { deduplication } from './deduplication.js';
import { deletion } from './deletion.js';
import { delivery } from './delivery.js';
import { envelopes } from './envelopes.js';
import { fifo } from './fifo.js';
import { fifoDelivery } from './fifoDelivery.js';
import { filters } from './filters.js';
import { longPolls } from './longPolls.js';
import { names } from './names.js';
import { receiveAttempts } from './receiveAttempts.js';
import { receiving } from './receiving.js';
import { topology } from './topology.js';
import { visibility } from './visibility.js';
import { visibilityRefused } from './visibilityRefused.js';

/** What SNS and SQS do, as far as the library and its users count on it. */
export const BEHAVIOURS: readonly Theme[] = [
  delivery,
  envelopes,
  fifoDelivery,
  filters,
  receiving,
  longPolls,
  visibility,
  visibilityRefused,
  deletion,
  fifo,
  deduplication,
  receiveAttempts,
  deadLetters,
  batches,
  batchRules,
  contents,
  topology,
  names,
];
