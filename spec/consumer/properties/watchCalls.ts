import { asyncScheduler, defer, finalize, tap } from 'rxjs';
import type { AwsCalls, ReceiveRequest } from '../../../src/client/client.js';
import { type Delivery, isDone, isLeased, visibilityFault } from './delivery.js';
import type { Consumption } from './scenario.js';

/** What has to be known of a client to tell which of its calls are wrong. */
export interface Watch {
  readonly calls: AwsCalls;
  readonly complain: (complaint: string) => void;
  readonly consumption: () => Consumption | undefined;
  /** False before a consumer has started, and after it has told that it stopped. */
  readonly mayCall: () => boolean;
  /** False once it was told to end. */
  readonly mayReceive: () => boolean;
  /** How many messages are in flight. */
  readonly held: () => number;
  /** The latest delivery of a message. */
  readonly known: (id: string) => Delivery | undefined;
  readonly ofMessage: (id: string) => readonly Delivery[];
  /** Receipt handles by message, and whose they are; what is received is entered. */
  readonly handles: Map<string, readonly string[]>;
  readonly owners: Map<string, Delivery>;
}

/** The calls of a client, watched: polls within their bounds, no renewal after the end of a lease, no delete without a word. */
export function watchCalls(watch: Watch): { readonly calls: AwsCalls; polls(): number } {
  const { calls, complain, consumption, mayCall, mayReceive, held, known, ofMessage, handles, owners } = watch;
  let polls = 0;
  let asked = 0;

  const checkCall = (name: keyof AwsCalls): void => {
    if (!mayCall()) complain(`${name} was called when the consumer had ended`);
  };

  const receive = (request: ReceiveRequest): ReturnType<AwsCalls['receive']> =>
    defer(() => {
      const { maxInFlight = 0, maxPolls = 0 } = consumption() ?? {};
      checkCall('receive');
      if (!mayReceive()) complain('polled after its end');
      polls += 1;
      asked += request.maxMessages;
      if (polls > maxPolls) complain(`${String(polls)} polls at once`);
      if (asked + held() > maxInFlight) complain(`asked for ${String(asked)} while it held ${String(held())}`);
      let isUnderWay = true;
      const conclude = (): void => {
        if (!isUnderWay) return;
        isUnderWay = false;
        polls -= 1;
        asked -= request.maxMessages;
      };
      return calls.receive(request).pipe(
        tap({
          next: (messages) => {
            conclude();
            for (const { messageId, receiptHandle } of messages) {
              handles.set(messageId, [...(handles.get(messageId) ?? []), receiptHandle]);
              // A message that is held already goes on under its newer receipt.
              const leased = known(messageId);
              if (leased !== undefined && isLeased(leased)) owners.set(receiptHandle, leased);
            }
          },
          error: conclude,
        }),
        finalize(conclude),
      );
    });

  const changeVisibilityBatch: AwsCalls['changeVisibilityBatch'] = (request) =>
    defer(() => {
      checkCall('changeVisibilityBatch');
      for (const { receiptHandle, visibilityTimeoutSeconds: seconds } of request.entries) {
        const delivery = owners.get(receiptHandle);
        if (delivery === undefined) continue;
        const fault = visibilityFault(delivery, seconds);
        if (fault !== undefined) complain(`a change of visibility was sent for ${delivery.id} ${fault}`);
        const { maxLeaseSeconds = Infinity } = consumption() ?? {};
        const leasedFor = (asyncScheduler.now() - delivery.receivedAt) / 1_000 + seconds;
        if (delivery.isHeld && seconds > 0 && leasedFor > maxLeaseSeconds)
          complain(`${delivery.id} was leased for ${String(leasedFor)} s`);
      }
      return calls.changeVisibilityBatch(request);
    });

  const deleteBatch: AwsCalls['deleteBatch'] = (request) =>
    defer(() => {
      checkCall('deleteBatch');
      for (const { receiptHandle } of request.entries) {
        const delivery = owners.get(receiptHandle);
        if (delivery !== undefined && !ofMessage(delivery.id).some(isDone))
          complain(`${delivery.id} is deleted without a word`);
      }
      return calls.deleteBatch(request);
    });

  return { calls: { ...calls, receive, changeVisibilityBatch, deleteBatch }, polls: () => polls };
}
