export { createTestBroker } from './createTestBroker.js';
export type { BrokerMessage, RawPublication, TestBroker } from './testBroker.js';
export type { BrokerClientOptions, Latency, TestBrokerOptions } from './brokerOptions.js';
export type { BrokerOperation } from './brokerOperation.js';
export type { FaultPlan, Outage } from './faults.js';
export type { MessageState } from './storedMessage.js';

export { messagingTest } from './messagingTest.js';
export type {
  LaneExpectation,
  MessagingTestHelpers,
  MessagingTestOptions,
  ReplayOptions,
} from './messagingTestHelpers.js';

export { type MarbleRecording, recordMarbles, type RecordMarblesOptions } from './recordMarbles.js';
