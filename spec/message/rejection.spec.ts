import { expect } from 'chai';
import fc from 'fast-check';
import { AWSConnectionError, InvalidMessageError, ValidationFailedError } from '../../src/errors.js';
import { isCarried } from '../../src/message/characters.js';
import { REJECTION_REASON, rejectionReason } from '../../src/message/rejection.js';

describe('rejection', () => {
  it('has an attribute name that SQS takes', () => {
    expect(REJECTION_REASON).to.equal('rejection-reason');
  });

  it('says name and paths of a failed validation', () => {
    const error = new ValidationFailedError(['/email: expected string', '/age: expected number']);
    expect(rejectionReason(error)).to.equal(
      '{"error":"ValidationFailedError","paths":["/email: expected string","/age: expected number"]}',
    );
  });

  it('says the code, or else the reason', () => {
    const coded = new AWSConnectionError({ operation: 'SendMessage', code: 'AccessDenied', retryable: false });
    expect(rejectionReason(coded)).to.equal('{"error":"AWSConnectionError","code":"AccessDenied"}');
    expect(rejectionReason(new InvalidMessageError('not-json', 'the body is not JSON'))).to.equal(
      '{"error":"InvalidMessageError","code":"not-json"}',
    );
  });

  it('never says the text of an error, nor a value that was thrown', () => {
    expect(rejectionReason(new TypeError('SECRET'))).to.equal('{"error":"TypeError"}');
    expect(rejectionReason('SECRET')).to.equal('{"error":"string"}');
    expect(rejectionReason({ paths: ['SECRET'] })).to.equal('{"error":"object"}');
    expect(rejectionReason(undefined)).to.equal('{"error":"undefined"}');
  });

  it('says of a foreign error its name and code, if they are one word, and nothing that could be a text', () => {
    const odd = Object.assign(new Error(), { code: 7, reason: 'SECRET', paths: ['/a: SECRET'] });
    expect(rejectionReason(odd)).to.equal('{"error":"Error"}');
    const named = Object.assign(new Error(), { name: 'SECRET of Ada', code: 'SECRET\n' });
    expect(rejectionReason(named)).to.equal('{"error":"Error"}');
    expect(rejectionReason(Object.assign(new Error(), { name: undefined, code: 'ECONNRESET' }))).to.equal(
      '{"error":"Error","code":"ECONNRESET"}',
    );
  });

  it('keeps as many paths as fit', () => {
    const paths = Array.from({ length: 10 }, (_, index) => `/${String(index)}${'x'.repeat(300)}`);
    const reason = JSON.parse(rejectionReason(new ValidationFailedError(paths))) as { readonly paths: unknown };
    expect(reason.paths).to.deep.equal(paths.slice(0, 4).map((path) => path.slice(0, 200)));
  });

  it('is JSON of at most 1,024 characters that SQS takes, whatever was thrown', () => {
    const text = fc.string({ unit: 'binary', maxLength: 2_000 });
    const errors = fc.oneof(
      fc.record({ name: text, code: text }).map((odd) => Object.assign(new Error('text'), odd)),
      fc.array(text).map((paths) => new ValidationFailedError(paths)),
      text.map((why) => new InvalidMessageError(why, 'text')),
    );
    fc.assert(
      fc.property(errors, (error) => {
        const reason = rejectionReason(error);
        expect(reason.length).to.be.at.most(1_024);
        expect(isCarried(reason)).to.equal(true);
        expect(JSON.parse(reason)).to.have.property('error');
      }),
    );
  });
});
