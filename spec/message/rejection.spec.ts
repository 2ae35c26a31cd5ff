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

  it('leaves out what is no text', () => {
    const odd = Object.assign(new Error(), { code: 7, reason: 8, paths: ['/a: expected b', 9] });
    expect(rejectionReason(odd)).to.equal('{"error":"Error","paths":["/a: expected b"]}');
  });

  it('keeps as many paths as fit', () => {
    const paths = Array.from({ length: 10 }, (_, index) => `/${String(index)}${'x'.repeat(300)}`);
    const reason = JSON.parse(rejectionReason(new ValidationFailedError(paths))) as { readonly paths: unknown };
    expect(reason.paths).to.deep.equal(paths.slice(0, 4).map((path) => path.slice(0, 200)));
  });

  it('is JSON of at most 1,024 characters that SQS takes, whatever was thrown', () => {
    const text = fc.string({ unit: 'binary', maxLength: 2_000 });
    const fields = fc.record({ name: text, code: text, paths: fc.array(text) });
    fc.assert(
      fc.property(fields, (odd) => {
        const reason = rejectionReason(Object.assign(new Error('text'), odd));
        expect(reason.length).to.be.at.most(1_024);
        expect(isCarried(reason)).to.equal(true);
        expect(JSON.parse(reason)).to.have.property('error');
      }),
    );
  });
});
