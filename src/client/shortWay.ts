import type { Readable } from 'node:stream';
import { bodyText } from './bodyText.js';
import { withAnswer } from './handOver.js';
import { legible, type Metadata } from './legible.js';
import type { HttpAnswer } from './webPage.js';

export interface ShortWay<Request, Input extends object, Command extends { readonly input: object }, Answer, Response> {
  /** The request in AWS's shape. */
  readonly input: (request: Request) => Input;
  readonly post: (input: Input, signal: AbortSignal) => Promise<HttpAnswer>;
  /** What an answer says; undefined when it is not a plain one, which the SDK then reads. */
  readonly parse: (text: string) => Answer | undefined;
  readonly command: new (input: Input) => Command;
  /** By the SDK's client. */
  readonly send: (command: Command) => Promise<Answer>;
  readonly read: (answer: Answer) => Response;
}

/**
 * A call that bypasses the SDK's client on its way to AWS, and on the way back where the answer is a plain one: signed and
 * carried by the SDK still. What AWS refuses is read by the SDK's client, which also corrects its clock by it.
 */
export function shortWay<Request, Input extends object, Command extends { readonly input: object }, Answer, Response>({
  input,
  post,
  parse,
  command: CommandClass,
  send,
  read,
}: ShortWay<Request, Input, Command, Answer, Response>): (request: Request, signal: AbortSignal) => Promise<Response> {
  return async (request, signal) => {
    const awsInput = input(request);
    const answer = await post(awsInput, signal);
    // Whatever it says: a body that nobody reads keeps its socket, and one that is read later may have broken off meanwhile.
    const text = await textOf(answer);
    if (answer.statusCode === 200) {
      const plain = legible(() => parse(text), metadataOf(answer));
      if (plain !== undefined) return legible(() => read(plain), metadataOf(answer));
    }
    answer.body = Buffer.from(text);
    const said = await send(withAnswer(answer, new CommandClass(awsInput)));
    return legible(() => read(said));
  };
}

/** What the reading fails with tells what came of the answer, as with the SDK. */
async function textOf(answer: HttpAnswer): Promise<string> {
  try {
    // Every body is a stream of bytes, or bytes that are here: node's http is what the SDK is given to use.
    return await bodyText(answer.body as Readable | Uint8Array);
  } catch (error) {
    throw Object.assign(error as Error, { $metadata: metadataOf(answer) });
  }
}

const metadataOf = ({ statusCode, headers }: HttpAnswer): Metadata => ({
  httpStatusCode: statusCode,
  requestId: headers['x-amzn-requestid'],
});
