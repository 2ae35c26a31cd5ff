import { expect } from 'chai';
import { Readable } from 'node:stream';
import { ownHandOver } from '../../src/client/handOver.js';
import { parseJson } from '../../src/client/protocols.js';
import { shortWay } from '../../src/client/shortWay.js';
import type { HttpAnswer } from '../../src/client/webPage.js';
import { rejectionOf } from '../helpers/thrown.js';

interface Input {
  readonly Name: string;
}
interface Output {
  readonly Url?: string;
}
class Command {
  constructor(readonly input: Input) {}
}
const { signal } = new AbortController();

const answerOf = (statusCode: number, ...chunks: readonly string[]): HttpAnswer => ({
  statusCode,
  headers: { 'x-amzn-requestid': 'r-1' },
  body: Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
});

/** A call that is answered so, and an SDK client whose own step is at hand: what the SDK would have read. */
function harness(answer: HttpAnswer, parse: (text: string) => Output | undefined = parseJson) {
  const posted: (Input | AbortSignal)[] = [];
  const readBySdk: unknown[] = [];
  let handOver:
    | ((args: { readonly input: object; readonly request: unknown }) => Promise<{ readonly response: HttpAnswer }>)
    | undefined;
  ownHandOver<unknown, { readonly response: HttpAnswer }>({
    config: { requestHandler: { handle: () => expect.fail('it was sent again') } },
    middlewareStack: {
      add: (middleware) => {
        handOver = middleware();
      },
    },
  });
  const call = shortWay({
    input: (name: string): Input => ({ Name: name }),
    post: (input, given) => {
      posted.push(input, given);
      return Promise.resolve(answer);
    },
    parse,
    command: Command,
    send: async ({ input }): Promise<Output> => {
      const handed = await handOver?.({ input, request: {} });
      readBySdk.push(handed?.response);
      return { Url: 'by the SDK' };
    },
    read: ({ Url }) => Url ?? expect.fail('no URL'),
  });
  return { posted, readBySdk, call };
}

describe('shortWay', () => {
  it('posts the request in the shape of AWS, with the signal, and reads a plain answer', async () => {
    const { posted, readBySdk, call } = harness(answerOf(200, '{"Url":', '"url"}'));
    expect(await call('q', signal)).to.equal('url');
    expect(posted).to.deep.equal([{ Name: 'q' }, signal]);
    expect(readBySdk).to.deep.equal([]);
  });

  for (const status of [201, 301, 400, 403, 500, 503]) {
    it(`leaves an answer of ${String(status)} to the SDK, read to its end, which sends nothing`, async () => {
      const answer = answerOf(status, '{}');
      const { posted, readBySdk, call } = harness(answer);
      expect(await call('q', signal)).to.equal('by the SDK');
      expect(posted).to.have.length(2);
      expect(readBySdk).to.deep.equal([answer]);
      expect(answer.body).to.deep.equal(Buffer.from('{}'));
    });
  }

  it('leaves an answer to the SDK that is not plain, as the bytes it was', async () => {
    const answer = answerOf(200, '{"Url":"€"}');
    const { readBySdk, call } = harness(answer, () => undefined);
    expect(await call('q', signal)).to.equal('by the SDK');
    expect(readBySdk).to.deep.equal([answer]);
    expect(answer.body).to.deep.equal(Buffer.from('{"Url":"€"}'));
  });

  it('takes an answer for a bad one that is none, or says nothing', async () => {
    for (const text of ['', '<html/>', '{', '{}', 'null']) {
      expect(await rejectionOf(harness(answerOf(200, text)).call('q', signal)), text).to.include({
        name: 'BadResponse',
      });
      expect(await rejectionOf(harness(answerOf(200, text)).call('q', signal)), text).to.deep.include({
        $metadata: { httpStatusCode: 200, requestId: 'r-1' },
      });
    }
  });

  it('fails with the connection that breaks in the middle of an answer, and what is known of that', async () => {
    const body = Readable.from(
      (function* () {
        yield Buffer.from('{"Url');
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      })(),
    );
    const error = await rejectionOf(harness({ ...answerOf(200), body }).call('q', signal));
    expect(error)
      .to.include({ code: 'ECONNRESET' })
      .and.deep.include({ $metadata: { httpStatusCode: 200, requestId: 'r-1' } });
  });
});
