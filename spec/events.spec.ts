import { expect } from 'chai';
import {
  AWSConnectionError,
  InvalidMessageError,
  MessageProcessingError,
  ValidationFailedError,
} from '../src/errors.js';
import { errorInfo } from '../src/events.js';

describe('errorInfo', () => {
  it('tells name, code and whether trying again may help', () => {
    const error = new AWSConnectionError({ operation: 'ReceiveMessage', code: 'AccessDenied', retryable: false });
    expect(errorInfo(error)).to.deep.equal({ name: 'AWSConnectionError', code: 'AccessDenied', retryable: false });
  });

  it('tells the reason of an invalid message as its code', () => {
    expect(errorInfo(new InvalidMessageError('not-json', 'the body is not JSON'))).to.deep.equal({
      name: 'InvalidMessageError',
      code: 'not-json',
      retryable: false,
    });
  });

  it('tells the paths of a failed validation', () => {
    expect(errorInfo(new ValidationFailedError(['/a: expected string']))).to.deep.equal({
      name: 'ValidationFailedError',
      paths: ['/a: expected string'],
      retryable: false,
    });
  });

  it('tells nothing of a cause', () => {
    const error = new MessageProcessingError('the handler failed', { cause: new Error('SECRET') });
    expect(errorInfo(error)).to.deep.equal({ name: 'MessageProcessingError', retryable: true });
  });

  it('tells of a foreign error its name and code where they are one word, and what it says of retries', () => {
    const error = Object.assign(new TypeError('SECRET'), { code: 'ECONNRESET', retryable: true });
    expect(errorInfo(error)).to.deep.equal({ name: 'TypeError', code: 'ECONNRESET', retryable: true });
    const odd = Object.assign(new Error('SECRET'), { name: 'SECRET name', code: 'SECRET code', retryable: 'SECRET' });
    expect(errorInfo(odd)).to.deep.equal({ name: 'Error' });
    expect(errorInfo(Object.assign(new Error(), { code: 7 }))).to.deep.equal({ name: 'Error' });
  });

  it('tells no reason and no paths of a foreign error: they may be data', () => {
    const error = Object.assign(new Error('SECRET'), { reason: 'SECRET', paths: ['SECRET'], cause: 'SECRET' });
    expect(errorInfo(error)).to.deep.equal({ name: 'Error' });
  });

  it('tells the type of what is no error', () => {
    for (const thrown of ['SECRET', { name: 'SECRET', code: 'SECRET' }, null, undefined, 7, Symbol('SECRET')]) {
      expect(errorInfo(thrown)).to.deep.equal({ name: typeof thrown });
    }
  });
});
