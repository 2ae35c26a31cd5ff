/** Where a topic or queue is: what its name, ARN or URL says. */
export interface Place {
  readonly name: string;
  /** The ARN, where that was given. */
  readonly arn?: string;
  readonly region?: string;
  readonly accountId?: string;
  /** The queue's URL, where that was given. */
  readonly url?: string;
}

/** Reads a name, an ARN or a queue URL. */
export function placeOf(text: string): Place {
  if (text.startsWith('arn:')) {
    const [, , , region = '', accountId = '', name = ''] = text.split(':');
    return { name, arn: text, region, accountId };
  }
  if (!/^https?:/.test(text)) return { name: text };
  const [name = '', account = ''] = new URL(text).pathname.split('/').reverse();
  return { name, url: text, ...(/^\d{12}$/.test(account) ? { accountId: account } : {}) };
}

/** Partitions by the beginning of their regions' names; every other region is in `aws`. [SDK: partitions] */
const PARTITIONS = Object.entries({
  'cn-': 'aws-cn',
  'eu-isoe-': 'aws-iso-e',
  'eusc-': 'aws-eusc',
  'us-gov-': 'aws-us-gov',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
  'us-isof-': 'aws-iso-f',
});

/** The ARN of a topic or queue. */
export function arnOf(service: 'sns' | 'sqs', region: string, accountId: string, name: string): string {
  const [, partition = 'aws'] = PARTITIONS.find(([prefix]) => region.startsWith(prefix)) ?? [];
  return ['arn', partition, service, region, accountId, name].join(':');
}
