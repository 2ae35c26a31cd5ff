import type { MessagingError } from '../errors.js';
import { errorInfo } from '../events.js';
import type { RawMessage } from '../message/rawMessage.js';
import { checkSettlement, reject, type Settlement } from '../message/settlement.js';
import type { ConsumerOptions } from './consumerOptions.js';
import { type QueueContext, tell } from './queueContext.js';

/** What becomes of a message that could not be decoded: what `onInvalid` says, or reject where there is none or it fails. */
export function settlementOfInvalid(
  context: QueueContext,
  { messageId: id, body, receiveCount }: RawMessage,
  error: MessagingError,
  onInvalid: ConsumerOptions['onInvalid'],
): Settlement {
  tell(context, () => ({ type: 'invalid', id, receiveCount, error: errorInfo(error) }));
  if (onInvalid === undefined) return reject(error);
  try {
    const settlement = onInvalid(error, { id, topic: context.topic, body, receiveCount });
    checkSettlement(settlement);
    return settlement;
  } catch (thrown) {
    tell(context, () => ({
      type: 'callbackFailed',
      id,
      receiveCount,
      callback: 'onInvalid',
      error: errorInfo(thrown),
    }));
    return reject(error);
  }
}
