import { expect } from 'chai';
import { inspect } from 'node:util';
import { classify, entryFault } from '../../src/client/classify.js';
import { legible } from '../../src/client/legible.js';
import type { AWSConnectionError } from '../../src/errors.js';

/** An error as the SDK makes it of an answer of AWS. */
function answered(name: string, httpStatusCode: number, message = 'as AWS says it'): Error {
  return Object.assign(new Error(message), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode, requestId: '0e0a9a1c-6f1b-5d1c-8a51-c0f3a2f2e7a1', attempts: 1, totalRetryDelay: 0 },
  });
}

/** An error as Node's sockets make it. */
const network = (code: string, name = 'Error'): Error => Object.assign(new Error('as Node says it'), { name, code });

type Verdict = 'transient' | 'throttled' | 'fatal';
function verdictOf({ retryable, throttled }: AWSConnectionError): Verdict {
  if (throttled) return 'throttled';
  return retryable ? 'transient' : 'fatal';
}

describe('classify', () => {
  const table: readonly (readonly [reason: string, error: unknown, code: string, verdict: Verdict])[] = [
    // The network's.
    ['refused', network('ECONNREFUSED'), 'ECONNREFUSED', 'transient'],
    ['refused on both addresses of a name', network('ECONNREFUSED', 'AggregateError'), 'ECONNREFUSED', 'transient'],
    ['reset, renamed by the SDK', network('ECONNRESET', 'TimeoutError'), 'ECONNRESET', 'transient'],
    ['no such host', network('ENOTFOUND'), 'ENOTFOUND', 'transient'],
    ['name service busy', network('EAI_AGAIN'), 'EAI_AGAIN', 'transient'],
    ['name service failed', network('EAI_FAIL'), 'EAI_FAIL', 'transient'],
    ['too many files open', network('EMFILE'), 'EMFILE', 'transient'],
    ['too many files open on the machine', network('ENFILE'), 'ENFILE', 'transient'],
    ['no buffers', network('ENOBUFS'), 'ENOBUFS', 'transient'],
    ['no memory', network('ENOMEM'), 'ENOMEM', 'transient'],
    [
      'a proxy that waited in vain',
      Object.assign(new Error(), { name: 'Odd', $metadata: { httpStatusCode: 408 } }),
      'Odd',
      'transient',
    ],
    ['no route', network('EHOSTUNREACH'), 'EHOSTUNREACH', 'transient'],
    ['broken pipe', network('EPIPE', 'TimeoutError'), 'EPIPE', 'transient'],
    ['answer cut off', network('ERR_STREAM_PREMATURE_CLOSE'), 'ERR_STREAM_PREMATURE_CLOSE', 'transient'],
    ['no HTTP', network('HPE_INVALID_CONSTANT'), 'BadResponse', 'transient'],
    ['no HTTP header', network('HPE_INVALID_HEADER_TOKEN'), 'BadResponse', 'transient'],
    ['time ran out', Object.assign(new Error(), { name: 'TimeoutError' }), 'TimeoutError', 'transient'],
    ['a certificate of nobody', network('DEPTH_ZERO_SELF_SIGNED_CERT'), 'DEPTH_ZERO_SELF_SIGNED_CERT', 'fatal'],
    ['a character no header has', network('ERR_INVALID_CHAR', 'TypeError'), 'ERR_INVALID_CHAR', 'fatal'],
    // AWS's, that pass.
    ['SQS throttles', answered('RequestThrottled', 400), 'RequestThrottled', 'throttled'],
    ['SNS throttles', answered('ThrottledException', 429), 'ThrottledException', 'throttled'],
    ['the front end throttles', answered('ThrottlingException', 400), 'ThrottlingException', 'throttled'],
    ['SQS throttles at KMS', answered('KmsThrottled', 400), 'KmsThrottled', 'throttled'],
    ['SNS throttles at KMS', answered('KMSThrottlingException', 400), 'KMSThrottlingException', 'throttled'],
    ['too many in flight', answered('OverLimit', 400), 'OverLimit', 'throttled'],
    ['429 of any name', answered('Whatever', 429), 'Whatever', 'throttled'],
    ['internal', answered('InternalFailure', 500), 'InternalFailure', 'transient'],
    ['internal of SNS', answered('InternalErrorException', 500), 'InternalErrorException', 'transient'],
    ['503 of any name', answered('Whatever', 503), 'Whatever', 'transient'],
    ['502 without a name', answered('Unknown', 502), 'Unknown', 'transient'],
    ['the clock of S3 tongue', answered('RequestTimeTooSkewed', 403), 'RequestTimeTooSkewed', 'transient'],
    // AWS's, that stay.
    ['no queue', answered('QueueDoesNotExist', 400), 'QueueDoesNotExist', 'fatal'],
    [
      'no queue, in words of old',
      answered('AWS.SimpleQueueService.NonExistentQueue', 400),
      'QueueDoesNotExist',
      'fatal',
    ],
    [
      'deleted just now, in words of old',
      answered('AWS.SimpleQueueService.QueueDeletedRecently', 400),
      'QueueDeletedRecently',
      'fatal',
    ],
    ['another queue of that name, in words of old', answered('QueueAlreadyExists', 400), 'QueueNameExists', 'fatal'],
    ['no topic', answered('NotFoundException', 404), 'NotFoundException', 'fatal'],
    ['SQS denies', answered('AccessDenied', 403), 'AccessDenied', 'fatal'],
    ['SQS denies, without query mode', answered('AccessDeniedException', 400), 'AccessDeniedException', 'fatal'],
    ['SNS denies', answered('AuthorizationErrorException', 403), 'AuthorizationErrorException', 'fatal'],
    ['token expired', answered('ExpiredToken', 403), 'ExpiredToken', 'fatal'],
    ['token expired, in JSON', answered('ExpiredTokenException', 400), 'ExpiredTokenException', 'fatal'],
    ['unknown key', answered('InvalidClientTokenId', 403), 'InvalidClientTokenId', 'fatal'],
    [
      'wrong secret',
      answered('SignatureDoesNotMatch', 403, 'The request signature we'),
      'SignatureDoesNotMatch',
      'fatal',
    ],
    ['KMS denies SQS', answered('KmsAccessDenied', 400), 'KmsAccessDenied', 'fatal'],
    ['KMS denies SNS', answered('KMSAccessDeniedException', 400), 'KMSAccessDeniedException', 'fatal'],
    ['no credentials', network('', 'CredentialsProviderError'), 'CredentialsProviderError', 'fatal'],
    // Answers that are none.
    ['HTML for JSON', Object.assign(answered('SyntaxError', 200)), 'BadResponse', 'transient'],
    ['HTML for XML', answered('Error', 403), 'BadResponse', 'transient'],
    ['JSON of another shape', answered('TypeError', 200), 'BadResponse', 'transient'],
    [
      'HTML for JSON, by an SDK that gives no $metadata',
      Object.assign(new SyntaxError('<'), { $response: { statusCode: 200 }, $metadata: { attempts: 1 } }),
      'BadResponse',
      'transient',
    ],
    // What says nothing.
    ['an error before any answer', new Error('secret'), 'Unknown', 'fatal'],
    ['a defect before any answer', new TypeError('secret'), 'Unknown', 'fatal'],
    ['a text', 'secret', 'Unknown', 'fatal'],
    ['nothing', undefined, 'Unknown', 'fatal'],
    ['null', null, 'Unknown', 'fatal'],
    ['an error without a name', {}, 'Unknown', 'fatal'],
    ['a name that is none', { name: 42 }, 'Unknown', 'fatal'],
    ['a status that is none', { name: 'Error', $metadata: { httpStatusCode: '503' } }, 'Unknown', 'fatal'],
    ['an inherited name', answered('constructor', 400), 'constructor', 'fatal'],
  ];

  for (const [reason, error, code, verdict] of table) {
    it(`${reason}: ${code}, ${verdict}`, () => {
      const typed = classify(error, 'ReceiveMessage');
      expect([typed.code, verdictOf(typed)]).to.deep.equal([code, verdict]);
    });
  }

  it('takes a signature that expired, or is not yet current, for the clock it is', () => {
    for (const text of [
      'Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)',
      'Signature not yet current: 20260101T010000Z is still later than 20260101T000500Z',
    ]) {
      for (const name of ['SignatureDoesNotMatch', 'InvalidSignatureException']) {
        const { code, message, retryable } = classify(answered(name, 403, text), 'Publish');
        expect({ code, message, retryable }).to.deep.equal({
          code: 'RequestTimeTooSkewed',
          message: 'Publish failed: RequestTimeTooSkewed (the clock of this machine is off)',
          retryable: true,
        });
      }
    }
  });

  it('says what a code means, in words of its own', () => {
    expect(classify(answered('QueueDoesNotExist', 400), 'ReceiveMessage').message).to.equal(
      'ReceiveMessage failed: QueueDoesNotExist (the queue does not exist)',
    );
    expect(classify(answered('InvalidParameter', 400), 'PublishBatch').message).to.equal(
      'PublishBatch failed: InvalidParameter',
    );
    // `toString` is a key of every object, and no code of AWS.
    expect(classify(answered('toString', 400), 'PublishBatch').message).to.equal('PublishBatch failed: toString');
  });

  it('keeps the operation, the status and the request id', () => {
    const { operation, httpStatus, requestId } = classify(answered('AccessDenied', 403), 'PublishBatch');
    expect({ operation, httpStatus, requestId }).to.deep.equal({
      operation: 'PublishBatch',
      httpStatus: 403,
      requestId: '0e0a9a1c-6f1b-5d1c-8a51-c0f3a2f2e7a1',
    });
  });

  it('hands through what it has made before', () => {
    const typed = classify(answered('AccessDenied', 403), 'PublishBatch');
    expect(classify(typed, 'ReceiveMessage')).to.equal(typed);
  });

  it('makes a bad response of an answer that can not be read', () => {
    let unreadable: unknown;
    try {
      legible(() => JSON.parse('') as unknown);
    } catch (error) {
      unreadable = error;
    }
    const { code, operation, retryable, httpStatus } = classify(unreadable, 'GetQueueUrl');
    expect({ code, operation, retryable, httpStatus }).to.deep.equal({
      code: 'BadResponse',
      operation: 'GetQueueUrl',
      retryable: true,
      httpStatus: undefined,
    });
  });

  describe('keeps nothing of the request', () => {
    const SECRET = 'wJalrXUtnFEMI/K7MDENG+secret body';
    const texts = {
      name: network('', SECRET),
      code: network(SECRET),
      message: answered('AccessDenied', 403, SECRET),
      'request id': Object.assign(new Error(), { name: 'X', $metadata: { httpStatusCode: 400, requestId: SECRET } }),
      cause: new Error('', { cause: new Error(SECRET) }),
      'hidden $response': Object.defineProperty(answered('SyntaxError', 200), '$response', {
        value: { statusCode: 200, headers: { authorization: SECRET }, body: SECRET },
        enumerable: false,
      }),
      'fields of AWS': Object.assign(answered('InvalidMessageContents', 400), {
        Error: { Message: SECRET },
        Detail: SECRET,
      }),
      stack: Object.assign(answered('AccessDenied', 403), { stack: `AccessDenied: ${SECRET}\n    at ${SECRET}` }),
      'a number of characters': network('', 'A'.repeat(81)),
    };

    for (const [place, error] of Object.entries(texts)) {
      it(`in ${place}`, () => {
        const typed = classify(error, 'SendMessageBatch');
        const shown = [
          typed.message,
          typed.stack,
          String(typed),
          JSON.stringify(typed),
          inspect(typed, { depth: 10, showHidden: true }),
          inspect(typed, { depth: 10, showHidden: true, customInspect: false }),
          inspect({ nested: [typed] }, { depth: 10, showHidden: true, getters: true }),
        ].join('\n');
        expect(shown).not.to.include('secret').and.not.to.include('A'.repeat(81));
        expect(typed.cause).to.equal(undefined);
        for (const key of Reflect.ownKeys(typed)) {
          expect(inspect(Reflect.get(typed, key), { depth: 10, showHidden: true })).not.to.include('secret');
        }
      });
    }

    it('and calls a code that is none Unknown', () => {
      expect(classify(texts.name, 'X').code).to.equal('Unknown');
      expect(classify(texts.code, 'X').code).to.equal('Unknown');
      expect(classify(texts['a number of characters'], 'X').code).to.equal('Unknown');
      expect(classify(texts['request id'], 'X').requestId).to.equal(undefined);
    });
  });
});

describe('classify: outcomeUnknown', () => {
  const unknown: Readonly<Record<string, unknown>> = {
    'a connection that broke': network('ECONNRESET'),
    'a connection that broke, renamed by the SDK': network('EPIPE', 'TimeoutError'),
    'several connections that broke': Object.assign(network('ECONNRESET', 'AggregateError'), {
      errors: [{ syscall: 'read' }, { syscall: 'connect' }],
    }),
    'no answer in time': Object.assign(new Error(), { name: 'TimeoutError' }),
    'an answer cut off': network('ERR_STREAM_PREMATURE_CLOSE'),
    'an answer of 200 that is none': answered('SyntaxError', 200),
    'a fault within AWS': answered('InternalFailure', 500),
    'a front end that gave up': answered('ServiceUnavailable', 503),
    'a proxy that waited in vain': answered('Odd', 408),
    'a fault of which nothing is known': 'thrown',
    'an answer that TLS could not read': network('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'),
    'a fault of the system that nobody knows here': network('EPROTO'),
    'a connection that timed out': Object.assign(network('ETIMEDOUT', 'TimeoutError'), { syscall: 'read' }),
  };
  const known: Readonly<Record<string, unknown>> = {
    'nothing listens': network('ECONNREFUSED'),
    'no such host': network('ENOTFOUND'),
    'name service busy': network('EAI_AGAIN'),
    'too many files open': network('EMFILE'),
    'no route to it': Object.assign(network('EHOSTUNREACH'), { syscall: 'connect' }),
    'no connection in time': Object.assign(network('ETIMEDOUT', 'TimeoutError'), { syscall: 'connect' }),
    'none of its addresses in time': Object.assign(network('ETIMEDOUT', 'TimeoutError'), {
      errors: [{ syscall: 'connect' }, { syscall: 'connect' }],
    }),
    'a name that could not be resolved': Object.assign(network('ETIMEDOUT'), { syscall: 'getaddrinfo' }),
    'a certificate of another host': network('ERR_TLS_CERT_ALTNAME_INVALID'),
    'a certificate of nobody': network('DEPTH_ZERO_SELF_SIGNED_CERT'),
    'no credentials': Object.assign(new Error(), { name: 'CredentialsProviderError' }),
    'not allowed': answered('AuthorizationErrorException', 403),
    'a bad parameter': answered('InvalidParameterException', 400),
    throttled: answered('ThrottledException', 429),
    'throttled by 503': answered('SlowDown', 503),
    'a clock that is off': answered('RequestTimeTooSkewed', 403),
  };
  for (const [reason, error] of Object.entries(unknown)) {
    it(`AWS may have done it: ${reason}`, () => {
      expect(classify(error, 'PublishBatch').outcomeUnknown).to.equal(true);
    });
  }
  for (const [reason, error] of Object.entries(known)) {
    it(`AWS has not done it: ${reason}`, () => {
      expect(classify(error, 'PublishBatch').outcomeUnknown).to.equal(false);
    });
  }
});

describe('entryFault', () => {
  it('of an entry that is said to have failed leaves nothing open; of one that is not mentioned it does', () => {
    expect(entryFault('PublishBatch', 'InternalError', false).outcomeUnknown).to.equal(false);
    expect(entryFault('PublishBatch', 'NotAnswered', false).outcomeUnknown).to.equal(true);
  });

  it('is transient when the receiver is at fault, fatal when the sender is', () => {
    expect(verdictOf(entryFault('PublishBatch', 'InternalError', false))).to.equal('transient');
    expect(verdictOf(entryFault('PublishBatch', 'InvalidParameter', true))).to.equal('fatal');
  });

  it('takes a throttle for one, whoever AWS says is at fault', () => {
    expect(verdictOf(entryFault('PublishBatch', 'Throttled', true))).to.equal('throttled');
    expect(verdictOf(entryFault('SendMessageBatch', 'RequestThrottled', false))).to.equal('throttled');
  });

  it('keeps the code when it is one, and says what it means', () => {
    const { message, code } = entryFault('PublishBatch', 'AuthorizationError', true);
    expect(code).to.equal('AuthorizationError');
    expect(message).to.match(/^PublishBatch failed: AuthorizationError \(the IAM policy/);
    expect(entryFault('PublishBatch', 'Invalid body: {"card": 4111}', true).code).to.equal('Unknown');
  });
});
