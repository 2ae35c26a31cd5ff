import { expect } from 'chai';
import { type Observable, of, throwError } from 'rxjs';
import type { BatchResponse } from '../../src/client/client.js';
import { answered, type BatchAnswer, faultOf } from '../../src/client/entryFault.js';
import { AWSConnectionError } from '../../src/errors.js';

const RESPONSE: BatchResponse = {
  successful: [{ id: 'a' }],
  failed: [
    { id: 'b', code: 'InvalidParameter', senderFault: true },
    { id: 'c', code: 'InternalError', senderFault: false },
  ],
};
const failure = new AWSConnectionError({ operation: 'PublishBatch', code: 'ECONNRESET', retryable: true });

describe('answered', () => {
  const answersOf = (response$: Observable<BatchResponse>): readonly BatchAnswer<BatchResponse>[] => {
    const answers: BatchAnswer<BatchResponse>[] = [];
    answered('PublishBatch', response$).subscribe((answer) => answers.push(answer));
    return answers;
  };

  it('hands an answer through', () => {
    expect(answersOf(of(RESPONSE))).to.deep.equal([RESPONSE]);
  });

  it('makes a failed call an answer', () => {
    expect(answersOf(throwError(() => failure))).to.deep.equal([failure]);
  });

  it('makes an error of any kind a typed one', () => {
    const [answer] = answersOf(throwError(() => new Error('secret')));
    expect(answer).to.be.instanceOf(AWSConnectionError).and.include({ operation: 'PublishBatch', code: 'Unknown' });
  });
});

describe('faultOf', () => {
  it('finds none for an entry that succeeded', () => {
    expect(faultOf('PublishBatch', RESPONSE, 'a')).to.equal(undefined);
  });

  it('tells an entry that was refused from one that may be tried again', () => {
    const refused = faultOf('PublishBatch', RESPONSE, 'b');
    expect([refused?.refused, refused?.error.code, refused?.error.retryable]).to.deep.equal([
      true,
      'InvalidParameter',
      false,
    ]);
    const failed = faultOf('PublishBatch', RESPONSE, 'c');
    expect([failed?.refused, failed?.error.code, failed?.error.retryable]).to.deep.equal([
      false,
      'InternalError',
      true,
    ]);
  });

  it('counts an entry that was not answered at all as failed by the receiver', () => {
    const fault = faultOf('PublishBatch', RESPONSE, 'd');
    expect([fault?.refused, fault?.error.code, fault?.error.retryable]).to.deep.equal([false, 'NotAnswered', true]);
  });

  it('gives each entry of a failed call its error, and refuses none', () => {
    expect(faultOf('PublishBatch', failure, 'a')).to.deep.equal({ error: failure, refused: false });
  });
});
