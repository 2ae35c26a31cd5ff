import { expect } from 'chai';
import { inspect } from 'node:util';
import {
  AWSConnectionError,
  ConfigurationError,
  type ErrorContext,
  InvalidMessageError,
  MessageProcessingError,
  MessagingError,
  OverflowError,
  plainLabel,
  SubscriptionNotFoundError,
  ValidationFailedError,
} from '../src/errors.js';

const IDS = { topic: 'users', queue: 'dev-users-queue', messageId: 'm1' };

/** One of each, with its text, whether trying again may help, and the fields of its own. */
const KINDS: Readonly<Record<string, readonly [(context: ErrorContext) => MessagingError, string, boolean, object]>> = {
  ConfigurationError: [
    (context) =>
      new ConfigurationError(
        [
          { path: 'region', message: 'expected text' },
          { path: 'timeoutMs', message: 'expected a number' },
        ],
        context,
      ),
    'region: expected text; timeoutMs: expected a number',
    false,
    {
      faults: [
        { path: 'region', message: 'expected text' },
        { path: 'timeoutMs', message: 'expected a number' },
      ],
    },
  ],
  InvalidMessageError: [
    (context) => new InvalidMessageError('not-json', 'the body is not JSON', context),
    'the body is not JSON',
    false,
    { reason: 'not-json' },
  ],
  ValidationFailedError: [
    (context) => new ValidationFailedError(['/a: expected string', '/b: expected number'], context),
    'validation failed at /a: expected string, /b: expected number',
    false,
    { paths: ['/a: expected string', '/b: expected number'] },
  ],
  SubscriptionNotFoundError: [
    (context) => new SubscriptionNotFoundError('no handler for this event type', context),
    'no handler for this event type',
    false,
    {},
  ],
  AWSConnectionError: [
    (context) =>
      new AWSConnectionError({
        ...context,
        operation: 'ReceiveMessage',
        code: 'Throttled',
        requestId: 'r1',
        httpStatus: 400,
        retryable: true,
        throttled: true,
        outcomeUnknown: true,
        detail: 'a sentence',
      }),
    'ReceiveMessage failed: Throttled (a sentence)',
    true,
    {
      operation: 'ReceiveMessage',
      code: 'Throttled',
      requestId: 'r1',
      httpStatus: 400,
      throttled: true,
      outcomeUnknown: true,
    },
  ],
  MessageProcessingError: [
    (context) => new MessageProcessingError('the handler took longer than 5 ms', context),
    'the handler took longer than 5 ms',
    true,
    {},
  ],
  OverflowError: [
    (context) => new OverflowError({ option: 'maxPending', limit: 7 }, context),
    '7 values are waiting to be published (maxPending); publishFrom reads what can be iterated only as fast as SNS accepts',
    true,
    { option: 'maxPending', limit: 7 },
  ],
};

const SECRET = 'SECRET';

class SecretiveError extends Error {
  override readonly name = `${SECRET} name`;
  readonly code = `${SECRET} code`;
  readonly config = { headers: { authorization: SECRET } };
  override readonly cause = new Error(SECRET);
  toJSON(): string {
    return SECRET;
  }
}

/** Everything by which an error may come into a log. */
function everyText(error: Error): Readonly<Record<string, string>> {
  return {
    message: error.message,
    stack: error.stack ?? '',
    string: String(error),
    json: JSON.stringify(error),
    'json of what holds it': JSON.stringify({ error }),
    inspect: inspect(error),
    'inspect of what holds it': inspect({ error: [error] }, { depth: null }),
    'inspect with all fields': inspect(error, { showHidden: true, depth: null }),
    'inspect without our function': inspect(error, { customInspect: false, depth: null }),
    'inspect with all fields without our function': inspect(error, {
      customInspect: false,
      showHidden: true,
      depth: null,
    }),
    spread: JSON.stringify(Object.assign({}, error)),
  };
}

describe('errors', () => {
  for (const [name, [make, message, retryable, fields]] of Object.entries(KINDS)) {
    describe(name, () => {
      const error = make(IDS);

      it('is a MessagingError and an Error, with its text', () => {
        expect(error).to.be.instanceOf(MessagingError).and.to.be.instanceOf(Error);
        expect(String(error)).to.equal(`${name}: ${message}`);
        expect(error.stack).to.match(new RegExp(`^${name}: `));
      });

      it('has a tag, says whether trying again may help, and which message it belongs to', () => {
        expect(error).to.include({ _tag: name, name, message, retryable, ...IDS });
        expect(error).to.deep.include(fields);
      });

      it('is these fields as JSON', () => {
        const told = { name, message, retryable, ...IDS, _tag: name, ...fields };
        expect(JSON.parse(JSON.stringify(error))).to.deep.equal(told);
        expect(JSON.parse(JSON.stringify(make({})))).to.deep.equal({ name, message, retryable, _tag: name, ...fields });
        expect(make({ topic: undefined }).toJSON()).not.to.have.property('topic');
      });

      it('is its stack and these fields to util.inspect', () => {
        const { name: _name, message: _message, ...told } = error.toJSON();
        expect(inspect(error)).to.equal(`${error.stack ?? ''} ${JSON.stringify(told)}`);
      });

      it('has its cause, and shows nothing of it but that there is one', () => {
        const cause = new SecretiveError(SECRET);
        const caused = make({ ...IDS, cause });
        expect(caused.cause).to.equal(cause);
        expect(Object.keys(caused)).not.to.include('cause');
        for (const [text, shown] of Object.entries(everyText(caused))) expect(shown, text).not.to.include(SECRET);
        expect(caused.toJSON()).to.have.property('cause', 'Error');
      });

      it('has no cause where none was given', () => {
        expect(error.cause).to.equal(undefined);
        expect('cause' in error).to.equal(false);
      });
    });
  }

  it('show the name and the code of a cause where they are one word', () => {
    const shown = (cause: unknown) => new MessageProcessingError('the handler failed', { cause }).toJSON().cause;
    expect(shown(new TypeError(SECRET))).to.equal('TypeError');
    expect(shown(Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' }))).to.equal('Error (ECONNREFUSED)');
    expect(shown(Object.assign(new Error(SECRET), { name: 'ada@example.org', code: 11_000 }))).to.equal('Error');
  });

  it('show the type of a cause that is no error', () => {
    for (const cause of [SECRET, { SECRET }, null, Symbol(SECRET), () => SECRET]) {
      const error = new MessageProcessingError('the handler failed', { cause });
      expect(error.cause).to.equal(cause);
      expect(error.toJSON()).to.have.property('cause', typeof cause);
      for (const [text, shown] of Object.entries(everyText(error))) expect(shown, text).not.to.include(SECRET);
    }
  });

  it('show a cause of their own kind by its name, and no cause of it', () => {
    const cause = new MessageProcessingError('inner', { cause: new Error(SECRET) });
    const error = new MessageProcessingError('outer', { cause });
    expect(error.toJSON()).to.have.property('cause', 'MessageProcessingError');
    for (const [text, shown] of Object.entries(everyText(error))) expect(shown, text).not.to.include(SECRET);
    const foreign = new Error('foreign', { cause: error });
    expect(inspect(foreign, { showHidden: true, depth: null })).not.to.include(SECRET);
  });

  it('can be made without ids', () => {
    expect(new InvalidMessageError('too-large', 'text')).to.include({ topic: undefined, messageId: undefined });
    expect(new SubscriptionNotFoundError('text')).to.include({ message: 'text' });
    expect(new OverflowError({ option: 'maxPendingBytes', limit: 1 })).to.include({ retryable: true });
    expect(new ConfigurationError([])).to.include({ message: '' });
    expect(new ValidationFailedError(['/: expected string'])).to.include({ retryable: false });
  });

  it('of a handler say so themselves where trying again is no help', () => {
    const error = new MessageProcessingError('the card is lost', { retryable: false, messageId: 'm1' });
    expect(error).to.include({ retryable: false, messageId: 'm1' });
  });

  it('of a call are not throttled, of a known outcome, and have no detail, where nothing says so', () => {
    const error = new AWSConnectionError({ operation: 'DeleteMessage', code: 'Timeout', retryable: true });
    expect(error.message).to.equal('DeleteMessage failed: Timeout');
    expect(error).to.include({ throttled: false, outcomeUnknown: false, requestId: undefined, httpStatus: undefined });
  });
});

describe('plainLabel', () => {
  it('takes one word of up to 80 characters', () => {
    for (const word of ['TypeError', 'AWS.SimpleQueueService', 'a:b-c_9', 'x'.repeat(80)]) {
      expect(plainLabel(word)).to.equal(word);
    }
    for (const odd of ['', 'two words', 'ada@example.org', 'é', 'x'.repeat(81), 'a\n', 7, null, undefined, {}]) {
      expect(plainLabel(odd)).to.equal(undefined);
    }
  });
});
