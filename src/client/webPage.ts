/** The parts of an answer that are read here, as Node's http gives them. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body?: unknown;
}

/**
 * Refuses a page for people where AWS was to answer. A well-formed one parses as XML that says nothing, so that SNS would
 * seem to have done what was asked. Some emulators give their XML out as `text/html`: its beginning decides.
 */
export async function refuseWebPage(answer: HttpAnswer): Promise<void> {
  if (!/^text\/html\b/i.test(answer.headers['content-type'] ?? '')) return;
  const chunks: Uint8Array[] = [];
  // Every body is a stream of bytes: node's http is what the SDK is given to use.
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (/^\s*<(!doctype\s+html|html)\b/i.test(body.toString('utf8', 0, 256))) {
    throw Object.assign(new Error('a web page'), {
      name: 'BadResponse',
      $metadata: { httpStatusCode: answer.statusCode },
    });
  }
  answer.body = body;
}
