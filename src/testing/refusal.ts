/** What SNS or SQS would answer a call with, by AWS's code for it. The transport makes the client's error of it. */
export class Refusal extends Error {
  static {
    this.prototype.name = 'Refusal';
  }
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Answers a call with an error. */
export function refuse(code: string): never {
  throw new Refusal(code);
}
