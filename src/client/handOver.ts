import { type HttpAnswer, refuseWebPage } from './webPage.js';

/** The parts of an SDK client that are used here; the SDK itself stays in aws.ts. */
interface SdkClient<Request, Answer> {
  readonly config: {
    readonly requestHandler: {
      handle(request: Request, options: { readonly abortSignal?: AbortSignal }): Promise<Answer>;
    };
  };
  readonly middlewareStack: {
    add(
      middleware: () => (args: { readonly input: object; readonly request: unknown }) => Promise<Answer>,
      options: { readonly step: 'deserialize'; readonly priority: 'low'; readonly name: string },
    ): void;
  };
}

/** Signals of the calls under way, by the input of their commands. */
const signals = new WeakMap<object, AbortSignal>();
/** Answers that are here already, likewise. */
const answers = new WeakMap<object, HttpAnswer>();

/** Ties a signal to a command: on a client with `ownHandOver`, its call ends when the signal fires. */
export function withSignal<C extends { readonly input: object }>(signal: AbortSignal, command: C): C {
  signals.set(command.input, signal);
  return command;
}

/** The signal tied to the command of this input. */
export const signalOf = (input: object): AbortSignal | undefined => signals.get(input);

/** Ties an answer to a command: on a client with `ownHandOver` nothing is sent, and the SDK reads this one. */
export function withAnswer<C extends { readonly input: object }>(answer: HttpAnswer, command: C): C {
  answers.set(command.input, answer);
  return command;
}

/**
 * Gives a client an innermost step of ours, which hands the signed request to the HTTP handler as the SDK does after it, but
 * with the command's signal. The SDK's own way, `send(command, { abortSignal })`, would resolve the middleware stack anew for
 * every call: with options `cacheMiddleware` has no effect.
 */
export function ownHandOver<Request, Answer extends { readonly response: HttpAnswer }>({
  config,
  middlewareStack,
}: SdkClient<Request, Answer>): void {
  const handOver = async ({
    input,
    request,
  }: {
    readonly input: object;
    readonly request: unknown;
  }): Promise<Answer> => {
    const given = answers.get(input);
    // It came from the same handler, and was refused if it had to be.
    if (given !== undefined) return { response: given } as Answer;
    const abortSignal = signalOf(input);
    // The SDK types a request by its handler in the end and nowhere before; this is the very object it would pass.
    const answer = await config.requestHandler.handle(
      request as Request,
      abortSignal === undefined ? {} : { abortSignal },
    );
    await refuseWebPage(answer.response);
    return answer;
  };
  middlewareStack.add(() => handOver, { step: 'deserialize', priority: 'low', name: 'handOver' });
}
