import { AWSConnectionError } from '../errors.js';

/** Codes by which AWS asks for fewer calls. `OverLimit`: too many messages in flight on a standard queue. */
const THROTTLES = new Set([
  'BandwidthLimitExceeded',
  'KMSThrottling',
  'KMSThrottlingException',
  'KmsThrottled',
  'LimitExceededException',
  'OverLimit',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttled',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** Codes of failures that pass: AWS's own, the network's, and those of a machine that is short of something. */
const TRANSIENT = new Set([
  'BadResponse',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
  'InternalError',
  'InternalErrorException',
  'InternalFailure',
  'InternalServerError',
  'RequestTimeTooSkewed',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'Timeout',
  'TimeoutError',
]);

/** Codes of failures before a request has left: what was asked for was certainly not done. */
const NEVER_SENT = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'EMFILE',
  'ENFILE',
  'ENOTFOUND',
  'ERR_INVALID_CHAR',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'RequestTimeTooSkewed',
]);

/** Codes of Node, OpenSSL and the system: also one that is not known may have come after the request was sent. */
const SYSTEM = /^(E[A-Z\d]+|ERR_\w+)$/;

/** Names AWS still uses beside the modelled ones. */
const ALIASES = new Map([
  ['AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist'],
  ['AWS.SimpleQueueService.QueueDeletedRecently', 'QueueDeletedRecently'],
  ['QueueAlreadyExists', 'QueueNameExists'],
]);

/** Code of an entry that the answer does not mention; ours. */
export const NOT_ANSWERED = 'NotAnswered';

/** What each frequent code means for the person who reads it, in words of ours: AWS's text may quote the request. */
const DENIED = 'the IAM policy of the credentials does not allow this call; iamPolicy() gives one that does';
const EXPIRED = 'the session token has expired';
const UNKNOWN_KEY = 'the access key is not known to AWS';
const WRONG_SECRET = 'the secret access key is not the one of the access key';
const ADVICE = new Map([
  ['AccessDenied', DENIED],
  ['AccessDeniedException', DENIED],
  ['AuthorizationError', DENIED],
  ['AuthorizationErrorException', DENIED],
  ['BadResponse', 'the endpoint did not answer as AWS does: is it a proxy or a web page?'],
  ['CredentialsProviderError', 'the credentials provider failed'],
  ['ECONNREFUSED', 'nothing listens at the endpoint'],
  ['ENOTFOUND', 'the host name of the endpoint does not resolve'],
  ['ExpiredToken', EXPIRED],
  ['ExpiredTokenException', EXPIRED],
  ['InvalidClientTokenId', UNKNOWN_KEY],
  ['InvalidSignatureException', WRONG_SECRET],
  ['KMSAccessDenied', 'the KMS key policy does not let these credentials use the key'],
  ['KMSAccessDeniedException', 'the KMS key policy does not let these credentials use the key'],
  ['KmsAccessDenied', 'the KMS key policy does not let these credentials use the key'],
  [NOT_ANSWERED, 'the answer does not mention this entry'],
  ['NotFoundException', 'there is no such topic or subscription in this account and region; provision() makes it'],
  ['OverLimit', 'about 120,000 messages of this queue are in flight'],
  ['QueueDeletedRecently', 'a queue of this name was deleted; wait 60 seconds before making it again'],
  ['QueueDoesNotExist', 'the queue does not exist'],
  ['RequestTimeTooSkewed', 'the clock of this machine is off'],
  ['SignatureDoesNotMatch', WRONG_SECRET],
  ['Timeout', 'no answer in time'],
  ['UnrecognizedClientException', UNKNOWN_KEY],
]);

/**
 * Whatever a call to AWS failed with, as a typed error: transient or fatal, with nothing of the request or response in
 * it. The SDK's errors carry the response with its headers, and AWS's texts may quote what was sent; neither is kept.
 */
export function classify(error: unknown, operation: string, resource?: string): AWSConnectionError {
  if (error instanceof AWSConnectionError) return error;
  const { code, httpStatus, requestId, isBefore } = read(error);
  const isThrottle = THROTTLES.has(code) || httpStatus === 429;
  const throttled = isThrottle && !isBefore;
  const retryable =
    isThrottle || TRANSIENT.has(code) || (httpStatus !== undefined && (httpStatus >= 500 || httpStatus === 408));
  const outcomeUnknown = !throttled && !isBefore && isUnknown(code, httpStatus);
  const detail = ADVICE.get(code);
  return new AWSConnectionError({
    operation,
    resource,
    code,
    httpStatus,
    requestId,
    retryable,
    throttled,
    outcomeUnknown,
    detail,
  });
}

/** Errors of what comes before a call. */
const beforeCall = new WeakSet();

/** Marks the error of a call that this one needed first: this one was not made, and not throttled. */
export function ofPreparation(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) beforeCall.add(error);
  return error;
}

/** A refusal (4xx) says that nothing was done; a 5xx, an answer that is none, and silence do not. */
function isUnknown(code: string, httpStatus: number | undefined): boolean {
  if (httpStatus !== undefined) return httpStatus < 400 || httpStatus >= 500 || httpStatus === 408;
  return !NEVER_SENT.has(code) && (code === 'Unknown' || TRANSIENT.has(code) || SYSTEM.test(code));
}

/**
 * An answer to one entry of a batch, as the error it amounts to. An entry among the failed was not carried out; of one that
 * is not mentioned nothing is known.
 */
export function entryFault(operation: string, code: string, senderFault: boolean): AWSConnectionError {
  const throttled = THROTTLES.has(code);
  return new AWSConnectionError({
    operation,
    code: plainCode(code),
    retryable: throttled || !senderFault,
    throttled,
    outcomeUnknown: code === NOT_ANSWERED,
    detail: ADVICE.get(code),
  });
}

interface Reading {
  readonly code: string;
  readonly httpStatus: number | undefined;
  readonly requestId: string | undefined;
  /** It happened before the request could leave. */
  readonly isBefore: boolean;
}

/** What Node was about when it failed, before there was a connection. */
const CONNECTING = new Set<unknown>(['connect', 'getaddrinfo']);

/** What is read of a foreign error; each field may hold anything. */
interface Foreign {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly syscall?: unknown;
  readonly errors?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly requestId?: unknown } | undefined;
  /** Older SDKs give the status of an answer they could not parse here alone. */
  readonly $response?: { readonly statusCode?: unknown } | undefined;
}

/** Of a name with several addresses, none of which could be reached, Node has an error of errors; the SDK may rename it. */
function isOfConnecting({ syscall, errors }: Foreign): boolean {
  if (CONNECTING.has(syscall)) return true;
  if (!Array.isArray(errors) || errors.length === 0) return false;
  return errors.every((one: Foreign | null | undefined) => CONNECTING.has(one?.syscall));
}

function read(error: unknown): Reading {
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Foreign;
  const status = fields.$metadata?.httpStatusCode ?? fields.$response?.statusCode;
  const requestId = fields.$metadata?.requestId;
  const httpStatus = typeof status === 'number' ? status : undefined;
  return {
    code: codeOf(fields, httpStatus !== undefined),
    httpStatus,
    requestId: typeof requestId === 'string' && /^[\w-]{1,100}$/.test(requestId) ? requestId : undefined,
    isBefore: isOfConnecting(fields) || beforeCall.has(fields),
  };
}

/** Names that JavaScript gives: they say nothing of the call. */
const BUILT_IN = new Set(['AggregateError', 'Error', 'RangeError', 'SyntaxError', 'TypeError']);

/** Node's network errors have a `code`, AWS's a `name`; an answer that can't be parsed has neither. */
function codeOf({ name, code, message }: Foreign, answered: boolean): string {
  if (typeof name !== 'string') return 'Unknown';
  if (typeof code === 'string' && (TRANSIENT.has(code) || BUILT_IN.has(name))) {
    return code.startsWith('HPE_') ? 'BadResponse' : plainCode(code);
  }
  if (BUILT_IN.has(name)) return answered ? 'BadResponse' : 'Unknown';
  return isSkew(message) ? 'RequestTimeTooSkewed' : plainCode(ALIASES.get(name) ?? name);
}

/** SNS and SQS name a clock that is off like a wrong secret; only the text tells. The SDK has then corrected its clock. */
function isSkew(message: unknown): boolean {
  return typeof message === 'string' && /^Signature (expired|not yet current)\b/.test(message);
}

/** Codes are short words; anything else could be text of the request. */
function plainCode(code: string): string {
  return /^[A-Za-z][\w.]{0,79}$/.test(code) ? code : 'Unknown';
}
