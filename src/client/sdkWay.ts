import { withSignal } from './handOver.js';
import { legible } from './legible.js';

/** A call by the SDK's client: `command` is made of the request, `send` takes it to AWS, `read` makes our response of the answer. */
export function sdkWay<Request, Command extends { readonly input: object }, Answer, Response>(
  command: (request: Request) => Command,
  send: (command: Command) => Promise<Answer>,
  read: (answer: Answer) => Response,
): (request: Request, signal: AbortSignal) => Promise<Response> {
  return async (request, signal) => {
    const answer = await send(withSignal(signal, command(request)));
    return legible(() => read(answer));
  };
}
