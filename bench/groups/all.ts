import { consumingCpu, consumingRate, slowHandlers } from './consuming.js';
import type { Group } from './group.js';
import { inFlight, topics } from './growth.js';
import { ladder } from './ladder.js';
import { lonePublish, publishingCpu, publishingRate } from './publishing.js';

/** In the order in which they run. */
export const GROUPS: readonly Group[] = [
  consumingCpu,
  consumingRate,
  publishingCpu,
  publishingRate,
  lonePublish,
  slowHandlers,
  inFlight,
  topics,
  ladder,
];
