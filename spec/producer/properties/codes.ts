/** What a failure says, by SNS's own word for it. Kept here apart from the library, which is held against it. */
export interface Meaning {
  readonly isRetryable: boolean;
  /** SNS certainly did not take what the request carried. */
  readonly isDefinite: boolean;
  /** It may be the fault of one entry of several. */
  readonly isOfAnEntry: boolean;
  readonly isThrottle: boolean;
}

const word = (isRetryable: boolean, isDefinite: boolean, more: Partial<Meaning> = {}): Meaning => ({
  ...{ isOfAnEntry: false, isThrottle: false, isRetryable, isDefinite },
  ...more,
});

const UNKNOWN = word(false, false);

const CALLS: Readonly<Record<string, Meaning>> = {
  InternalError: word(true, false),
  ServiceUnavailable: word(true, false),
  ECONNRESET: word(true, false),
  ETIMEDOUT: word(true, false),
  Timeout: word(true, false),
  ThrottlingException: word(true, true, { isThrottle: true }),
  ECONNREFUSED: word(true, true),
  AccessDenied: word(false, true),
  NotFoundException: word(false, true),
  InvalidParameter: word(false, true, { isOfAnEntry: true }),
  InvalidParameterException: word(false, true, { isOfAnEntry: true }),
  BatchRequestTooLongException: word(false, true, { isOfAnEntry: true }),
};

/** What a whole call failed with. */
export const meaningOfCall = (code: string): Meaning => CALLS[code] ?? UNKNOWN;

/** What an entry failed with, of which an answer of 200 says so; or of which it says nothing. */
export function meaningOfEntry(code: string): Meaning {
  if (code === 'NotAnswered') return word(true, false);
  const { isRetryable, isThrottle } = meaningOfCall(code);
  return word(isRetryable, true, { isThrottle });
}
