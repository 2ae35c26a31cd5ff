import { expect } from 'chai';
import { ownHandOver, signalOf, withSignal } from '../../src/client/handOver.js';
import type { HttpAnswer } from '../../src/client/webPage.js';

interface Answer {
  readonly response: HttpAnswer;
}
type Step = (args: { readonly input: object; readonly request: unknown }) => Promise<Answer>;

/** The parts of an SDK client that are used; the step it was given can be run. */
function fakeSdkClient(answer: Answer) {
  const handled: { readonly request: unknown; readonly options: object }[] = [];
  const steps: { readonly step: Step; readonly options: object }[] = [];
  return {
    handled,
    steps,
    config: {
      requestHandler: {
        handle: (request: unknown, options: object) => {
          handled.push({ request, options });
          return Promise.resolve(answer);
        },
      },
    },
    middlewareStack: {
      add: (middleware: () => Step, options: object) => {
        steps.push({ step: middleware(), options });
      },
    },
  };
}

const OK: Answer = { response: { statusCode: 200, headers: {} } };

describe('withSignal', () => {
  it('ties a signal to the input of a command, and gives the command back', () => {
    const { signal } = new AbortController();
    const command = { input: {} };
    expect(withSignal(signal, command)).to.equal(command);
    expect(signalOf(command.input)).to.equal(signal);
    expect(signalOf({})).to.equal(undefined);
  });
});

describe('ownHandOver', () => {
  it('adds the innermost step', () => {
    const client = fakeSdkClient(OK);
    ownHandOver(client);
    expect(client.steps.map(({ options }) => options)).to.deep.equal([
      { step: 'deserialize', priority: 'low', name: 'handOver' },
    ]);
  });

  it('hands the request to the handler, with the signal of its command', async () => {
    const client = fakeSdkClient(OK);
    ownHandOver(client);
    const { signal } = new AbortController();
    const { input } = withSignal(signal, { input: {} });
    const request = { path: '/' };
    expect(await client.steps[0]?.step({ input, request })).to.equal(OK);
    expect(client.handled[0]?.request).to.equal(request);
    expect(client.handled[0]?.options).to.deep.equal({ abortSignal: signal });
  });

  it('hands over a command without one', async () => {
    const client = fakeSdkClient(OK);
    ownHandOver(client);
    await client.steps[0]?.step({ input: {}, request: {} });
    expect(client.handled[0]?.options).to.deep.equal({});
  });

  it('refuses a web page', async () => {
    const body = (async function* () {
      yield await Promise.resolve(Buffer.from('<html>'));
    })();
    const client = fakeSdkClient({ response: { statusCode: 200, headers: { 'content-type': 'text/html' }, body } });
    ownHandOver(client);
    const error: unknown = await client.steps[0]?.step({ input: {}, request: {} }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ name: 'BadResponse' });
  });
});
