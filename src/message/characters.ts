/** Whatever SQS refuses in a text. [A: SendMessage; see limits of the message body] Lone surrogates are among it. */
const REFUSED = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Whether SNS and SQS carry this text. */
export const isCarried = (text: string): boolean => !REFUSED.test(text);
