import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { asyncScheduler, map, type Observable } from 'rxjs';
import type { PortSettings } from '../../src/client/client.js';
import type { PublishOptions } from '../../src/producer/publishOptions.js';
import type { PublishResult } from '../../src/producer/publishResult.js';
import { publishTo, type PublishToOptions } from '../../src/producer/publishTo.js';
import { toTopic, type TopicSubject } from '../../src/producer/toTopic.js';
import { fifoTopic, topic, type Topic } from '../../src/topic.js';
import { fakeClient, type FakeClient } from './fakeClient.js';
import { brief, fakeTopic, type FakeTopic, type FakeTopicOptions } from './fakeTopic.js';

export const Words = topic('words', t.string);

/** A FIFO topic; the group is the first character of a value: `a1`, `a2`, `b1`. The value is its deduplication id. */
export const Groups = fifoTopic('groups', t.string, {
  groupId: (word) => word.charAt(0),
  deduplicationId: (word) => word,
});

export interface FakeProducerOptions extends FakeTopicOptions {
  readonly of?: Topic<string>;
  readonly settings?: Partial<PortSettings>;
  /** What a request with these values fails with. */
  readonly refusal?: (values: readonly string[]) => unknown;
}

/** A client of an SNS topic on virtual time that takes 4 ms for a request, and ways to publish to it. */
export interface FakeProducer extends FakeClient {
  readonly sns: FakeTopic;
  /** Publishes a source; each result in one word. */
  readonly results: (source: Observable<string>, options?: PublishToOptions) => Observable<string>;
  readonly sink: (options?: PublishOptions) => TopicSubject<string>;
}

export function fakeProducer(options: FakeProducerOptions = {}): FakeProducer {
  const { of = Words, settings, refusal, failure, ...fakes } = options;
  const sns: FakeTopic = fakeTopic({
    ...fakes,
    failure: (request) => failure?.(request) ?? refusal?.(valuesOf(sns.log.at(-1))),
  });
  const fake = fakeClient(sns.calls, settings);
  return {
    ...fake,
    sns,
    results: (source, publishing) => source.pipe(publishTo(fake.client, of, publishing), map(brief)),
    sink: (publishing) => toTopic(fake.client, of, publishing),
  };
}

const valuesOf = (line = ''): readonly string[] => line.replace(/^[\d.]+: /, '').split(' ');

/** `A` is what the value `a` has for its result when it was accepted, and so on. */
export const RECEIPTS: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => [letter.toUpperCase(), `${letter}: id-${letter}`]),
);

/** An answer of SNS with this code. */
export const answered = (name: string, httpStatusCode: number): object =>
  Object.assign(new Error('the text of AWS'), { name, $metadata: { httpStatusCode } });

/** What Node reports of a connection. */
export const broken = (code: string): Error => Object.assign(new Error('the text of Node'), { code });

/** `a ok`, `a! Code` when SNS certainly has not got it, `a? Code` when it may have. */
export function fate(result: PublishResult<string>): string {
  if (E.isRight(result)) return `${result.right.value} ok`;
  const mark = result.left.outcomeUnknown ? '?' : '!';
  return brief(result).replace('!', mark);
}

/** When each line of a log was written, in milliseconds. */
export const timesOf = (log: readonly string[]): readonly number[] => log.map((line) => Number.parseFloat(line));

/** Collects what a source emits, each with its time: `4: a ok`; and its end. */
export function record(source: Observable<unknown>): readonly string[] {
  const lines: string[] = [];
  const write = (text: string) => lines.push(`${asyncScheduler.now()}: ${text}`);
  source.subscribe({
    next: (value) => write(String(value)),
    error: (error: unknown) => write(`errored by ${String(error)}`),
    complete: () => write('complete'),
  });
  return lines;
}
