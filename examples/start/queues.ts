import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { defer, lastValueFrom, repeat, takeWhile } from 'rxjs';
import type { AWSMessagingConfig, Topology } from 'rxjs-aws-messaging';

/** What SQS says is in the queue and in its dead-letter queue. */
export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly deadLetters: number;
}

/** The queues as SQS itself sees them, past the library. */
export interface Queues {
  counts(): Promise<QueueCounts>;
  /** The counts once they are as expected, or as they are after ten seconds: SQS counts approximately. */
  countsOnce(expected: (counts: QueueCounts) => boolean): Promise<QueueCounts>;
  /** Puts up to 10 bodies into the queue, without SNS or the library; gives the message ids. */
  send(bodies: readonly string[]): Promise<readonly string[]>;
  close(): void;
}

export function openQueues(config: AWSMessagingConfig, topology: Topology): Queues {
  const { region, credentials, endpoint } = config;
  const sqs = new SQSClient({
    region,
    credentials,
    useQueueUrlAsEndpoint: false,
    ...(endpoint === undefined ? {} : { endpoint }),
  });

  const attributesOf = async (queueUrl: string): Promise<{ readonly visible: number; readonly inFlight: number }> => {
    const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }));
    const { Attributes: attributes = {} } = answer;
    const visible = Number(attributes.ApproximateNumberOfMessages ?? 0);
    const delayed = Number(attributes.ApproximateNumberOfMessagesDelayed ?? 0);
    return { visible: visible + delayed, inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0) };
  };
  const counts = async (): Promise<QueueCounts> => {
    const [queue, dead] = await Promise.all([topology.queueUrl, topology.deadLetterQueueUrl].map(attributesOf));
    return { visible: 0, inFlight: 0, ...queue, deadLetters: (dead?.visible ?? 0) + (dead?.inFlight ?? 0) };
  };

  return {
    counts,
    countsOnce: (expected) =>
      lastValueFrom(
        defer(counts).pipe(
          repeat({ count: 20, delay: 500 }),
          takeWhile((seen) => !expected(seen), true),
        ),
      ),
    send: async (bodies) => {
      const entries = bodies.map((body, index) => ({ Id: String(index), MessageBody: body }));
      const answer = await sqs.send(new SendMessageBatchCommand({ QueueUrl: topology.queueUrl, Entries: entries }));
      return (answer.Successful ?? []).flatMap(({ MessageId: id }) => id ?? []);
    },
    close: () => {
      sqs.destroy();
    },
  };
}
