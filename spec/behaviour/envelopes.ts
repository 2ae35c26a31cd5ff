import { expect } from 'chai';
import type { Theme } from './behaviour.js';
import { bytes, number, text } from './drafts.js';

export const envelopes: Theme = {
  name: 'envelopes',
  behaviours: [
    {
      name: 'not raw, it comes in an envelope, its attributes inside, their bytes in base64',
      *script({ topic, queue, subscribe, publish, takeOne }) {
        const topicArn = yield* topic();
        const target = yield* queue();
        yield* subscribe(topicArn, target);
        const attributes = { text: text('tëxt'), number: number(1.5), bytes: bytes(0, 255, 7) };
        const [published] = yield* publish(topicArn, { body: '{"a":"ü"}', subject: 'Subject', attributes });
        const received = yield* takeOne(target);
        expect(received.attributes).to.deep.equal({});
        const { Timestamp, ...envelope } = JSON.parse(received.body) as Readonly<Record<string, unknown>>;
        expect(Timestamp).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(envelope).to.deep.include({
          Type: 'Notification',
          MessageId: published?.messageId,
          TopicArn: topicArn,
          Subject: 'Subject',
          Message: '{"a":"ü"}',
          MessageAttributes: {
            text: { Type: 'String', Value: 'tëxt' },
            number: { Type: 'Number', Value: '1.5' },
            bytes: { Type: 'Binary', Value: 'AP8H' },
          },
        });
      },
    },
    {
      name: 'what a message does not have is not in its envelope',
      emulator: 'fauxqs: writes a Subject of null and empty MessageAttributes',
      *script({ topic, queue, subscribe, publish, takeOne }) {
        const topicArn = yield* topic();
        const target = yield* queue();
        yield* subscribe(topicArn, target);
        yield* publish(topicArn, 'body');
        const { body } = yield* takeOne(target);
        expect(JSON.parse(body)).to.not.have.any.keys('Subject', 'MessageAttributes', 'SequenceNumber');
      },
    },
  ],
};
