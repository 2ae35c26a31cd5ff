import { expect } from 'chai';
import * as door from '../src/index.js';

describe('the main door', () => {
  it('opens to these names, and to no other', () => {
    expect(Object.keys(door)).to.deep.equal([
      'AWSConnectionError',
      'AWSMessagingConfig',
      'ConfigurationError',
      'InvalidMessageError',
      'MessageProcessingError',
      'MessagingError',
      'OverflowError',
      'SubscriptionNotFoundError',
      'ValidationFailedError',
      'ack',
      'ackMap',
      'configFromEnv',
      'createClient',
      'decodeConfig',
      'exponentialBackoff',
      'fifoTopic',
      'fromTopic',
      'iamPolicy',
      'ignore',
      'provision',
      'publishEvent',
      'publishFrom',
      'publishTo',
      'redrive',
      'reject',
      'retryAfter',
      'retryWithBackoff',
      'route',
      'runConsumer',
      'subscribe',
      'toTopic',
      'topic',
    ]);
  });
});
