import { expect } from 'chai';
import * as t from 'io-ts';
import { Subject } from 'rxjs';
import { type MessagingEvent, topic } from '../../src/index.js';
import { recordMarbles, type RecordMarblesOptions } from '../../src/testing/index.js';
import { faultsThrownBy } from '../helpers/thrown.js';

const Users = topic('users', t.string);
const NOON = Date.UTC(2026, 10, 25, 12);

/** Events by short names, at so many milliseconds after noon. */
const on = (id: string, at: number) => ({ at: NOON + at, topic: 'users', queue: 'https://q', id, receiveCount: 1 });
const received = (id: string, at: number, sentAt = at): MessagingEvent => ({
  ...on(id, at),
  type: 'received',
  ageMs: at - sentAt,
});
const settled = (id: string, at: number): MessagingEvent => ({
  ...on(id, at),
  type: 'settled',
  settlement: 'ack',
  durationMs: 0,
});
const retried = (id: string, at: number): MessagingEvent => ({
  ...on(id, at),
  type: 'settled',
  settlement: 'retryAfter',
  durationMs: 0,
  delayMs: 1_000,
});
const published = (id: string, at: number, durationMs = 5): MessagingEvent => ({
  at: NOON + at,
  topic: 'users',
  type: 'published',
  id,
  durationMs,
  attempts: 1,
});

function diagramOf(events: readonly MessagingEvent[], options?: RecordMarblesOptions): readonly string[] {
  const source = new Subject<MessagingEvent>();
  const recording = recordMarbles(source, options);
  for (const event of events) source.next(event);
  const diagram = recording.diagram();
  recording.unsubscribe();
  expect(source.observed).to.equal(false);
  return diagram === '' ? [] : diagram.split('\n');
}

describe('recordMarbles', () => {
  it('is an empty text while nothing has happened', () => {
    expect(diagramOf([])).to.deep.equal([]);
    expect(diagramOf([{ ...on('', 0), type: 'started' }])).to.deep.equal([]);
  });

  it('draws a lane for each thing that becomes of a message, with scale, beginning and legend', () => {
    const events = [
      received('m1', 10, 4),
      retried('m1', 40),
      received('m2', 200, 190),
      settled('m2', 260),
      received('m1', 1_044, 4),
      { ...on('m1', 1_090), type: 'rejected', deadLetterQueue: 'd', error: { name: 'E' } } as const,
    ];
    expect(diagramOf(events, { width: 80 })).to.deep.equal([
      '1 column = 20ms, from 2026-11-25T12:00:00.004Z',
      'published      a--------b---------------------------------------------',
      'received       a--------b------------------------------------------a--',
      'settled        ------------b------------------------------------------',
      'retried        -a-----------------------------------------------------',
      'dead-lettered  ------------------------------------------------------a',
      'a = users m1',
      'b = users m2',
    ]);
  });

  it('takes the finest scale that fits the line', () => {
    const scaleFor = (last: number, width: number): string =>
      diagramOf([received('m', 0), settled('m', last)], { width })[0]?.split(',')[0] ?? '';
    expect(scaleFor(84, 100)).to.equal('1 column = 1ms');
    expect(scaleFor(85, 100)).to.equal('1 column = 2ms');
    expect(scaleFor(85, 101)).to.equal('1 column = 1ms');
    expect(scaleFor(3_600_000, 100)).to.equal('1 column = 1m');
    for (const last of [1, 77, 999, 12_345, 999_999, 43_200_000]) {
      for (const line of diagramOf([received('m', 0), settled('m', last)], { width: 60 }).slice(1, 6)) {
        expect(line).to.have.length.at.most(60);
      }
    }
  });

  it('counts groups into the line, and draws all lanes to the same end', () => {
    const many = Array.from({ length: 20 }, (_, index) => received(`m${index}`, 5_000, 0));
    const lines = diagramOf(many).slice(1, 6);
    expect(lines[1]?.trim()).to.match(/\(abcdefghijklmnopqrst\)$/);
    expect(new Set(lines.map(({ length }) => length)).size).to.equal(1);
    expect(lines[0]).to.have.length.at.most(100);
  });

  it('draws a publication once: SNS and SQS give it different ids', () => {
    expect(diagramOf([published('s1', 8), received('m1', 20, 5), settled('m1', 30)]).slice(1)).to.deep.equal([
      'published      a-------------------------',
      'received       ---------------a----------',
      'settled        -------------------------a',
      'retried        --------------------------',
      'dead-lettered  --------------------------',
      'a = users m1',
    ]);
  });

  it('draws a publication that nobody has received', () => {
    const lines = diagramOf([published('s1', 0), received('m1', 5, 2), published('s2', 4_000)]);
    expect(lines[1]).to.match(/^published +a-+b$/);
    expect(lines.slice(-2)).to.deep.equal(['a = users m1', 'b = users s2 (published, not received here)']);
  });

  it('draws nothing of a message that was received before the recording', () => {
    expect(diagramOf([settled('m1', 0)])).to.deep.equal([]);
  });

  it('draws nothing as published after it was received, though the clock of SQS is ahead', () => {
    expect(diagramOf([received('m1', 0, 300), settled('m1', 60)]).slice(1, 3)).to.deep.equal([
      `published      a${'-'.repeat(60)}`,
      `received       a${'-'.repeat(60)}`,
    ]);
  });

  it('has letters in the order of sending, on a FIFO queue by sequence number', () => {
    const numbered = (id: string, at: number, sequenceNumber: string): MessagingEvent => ({
      ...on(id, at),
      type: 'received',
      receiveCount: 1,
      ageMs: at,
      sequenceNumber,
    });
    const lines = diagramOf([numbered('m8', 5, '18'), numbered('m6', 9, '16')]);
    expect(lines.slice(-2)).to.deep.equal(['a = users m6', 'b = users m8']);
  });

  it('fits a line whatever happens, on a scale that shows the times, and tells how many messages it left out', () => {
    const often = Array.from({ length: 40 }, (_, index) => `m${index}`).flatMap((id, index) =>
      [0, 1_000, 2_000].map((at) => received(id, at + index * 10, index * 10)),
    );
    const burst = Array.from({ length: 52 }, (_, index) => received(`m${index}`, 0));
    for (const [events, width] of [
      [often, 100],
      [burst, 40],
      [burst, 100],
    ] as const) {
      const lines = diagramOf(events, { width });
      for (const line of lines.slice(1, 6)) expect(line).to.have.length.at.most(width);
      const drawn = lines.filter((line) => line.includes(' = users')).length;
      const count = events === often ? 40 : 52;
      expect(drawn).to.be.at.least(10);
      expect(lines.at(-1)).to.equal(
        drawn === count ? lines.at(-1) : `and ${count - drawn} messages that are not drawn`,
      );
    }
    expect(diagramOf(often)[0]).to.match(/^1 column = (20|50|100|200)ms,/);
  });

  it('keeps what is under way rather than what is done, and nothing of what has made way', () => {
    const first = Array.from({ length: 52 }, (_, index) => received(`m${index}`, index));
    const done = [settled('m7', 60), settled('m9', 61)];
    const lines = diagramOf([...first, ...done, received('x', 70), received('y', 71), settled('m7', 80)]);
    expect(lines.some((line) => / m[79]$/.test(line))).to.equal(false);
    expect(lines).to.include('and 2 messages that are not drawn');
    expect(lines[2]?.match(/[a-zA-Z]/g)?.length).to.equal(8 + 52);
  });

  it('keeps to one topic where that is asked for', () => {
    const other = { ...received('x', 0), topic: 'mails' };
    expect(diagramOf([other, received('m1', 5)], { topic: Users }).at(-1)).to.equal('a = users m1');
    expect(diagramOf([other, received('m1', 5)])).to.include('a = mails x');
  });

  it('tells queues apart: the message ids of two queues are their own', () => {
    const other = { ...received('m1', 9), queue: 'https://other' };
    expect(diagramOf([received('m1', 0), other]).filter((line) => line.includes('='))).to.have.lengthOf(3);
  });

  it('keeps a bounded number of messages, publications and marks: the latest', () => {
    const many = Array.from({ length: 60 }, (_, index) => received(`m${index}`, index * 10));
    const lines = diagramOf(many);
    expect(lines)
      .to.include('a = users m8')
      .and.include('Z = users m59')
      .and.include('and 8 messages that are not drawn');
    expect(diagramOf(many, { maxMessages: 2 }).slice(6)).to.deep.equal([
      'a = users m58',
      'b = users m59',
      'and 58 messages that are not drawn',
    ]);
    const unreceived = diagramOf(
      Array.from({ length: 60 }, (_, index) => published(`s${index}`, index * 10)),
      { maxMessages: 3 },
    );
    expect(unreceived.filter((line) => line.includes('not received here'))).to.have.lengthOf(3);
    const both = [
      ...many.slice(0, 5),
      ...Array.from({ length: 5 }, (_, index) => published(`s${index}`, 9_000 + index)),
    ];
    expect(diagramOf(both, { maxMessages: 5 }).at(-1)).to.equal('and 5 messages that are not drawn');
    const often = Array.from({ length: 300 }, (_, index) => received('m', index * 100, 0));
    expect(diagramOf(often)[2]?.match(/a/g)?.length).to.be.at.most(100);
  });

  it('goes on after a diagram, and ends with unsubscribe', () => {
    const source = new Subject<MessagingEvent>();
    const recording = recordMarbles(source);
    source.next(received('m1', 0));
    const first = recording.diagram();
    source.next(settled('m1', 3));
    expect(recording.diagram()).not.to.equal(first);
    recording.unsubscribe();
    const last = recording.diagram();
    source.next(received('m2', 9));
    expect(recording.diagram()).to.equal(last);
  });

  it('refuses options that can not be, all at once', () => {
    expect(faultsThrownBy(() => recordMarbles(new Subject(), { width: 20, maxMessages: 53 }))).to.deep.equal([
      'width: expected a number of at least 40',
      'maxMessages: expected a whole number from 1 to 52',
    ]);
  });
});
