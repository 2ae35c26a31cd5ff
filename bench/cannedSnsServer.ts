import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// A process of its own, started by cannedSns.ts: tells its port, and ends with whoever started it.

const latencyMs = Number(process.argv[2]);

/** As long as real ones; the same in each answer, because nobody looks. */
const MESSAGE_ID = '00000000-0000-4000-8000-000000000000';
const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
const METADATA = `<ResponseMetadata><RequestId>${MESSAGE_ID}</RequestId></ResponseMetadata>`;

const answered = (action: string, result: string): string =>
  `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>${METADATA}</${action}Response>`;

/** Made once: by the number of entries, whose ids are their positions. */
const TO_BATCH = Array.from({ length: 11 }, (_, entries) => {
  const members = Array.from(
    { length: entries },
    (_member, position) => `<member><Id>${String(position)}</Id><MessageId>${MESSAGE_ID}</MessageId></member>`,
  );
  return answered('PublishBatch', `<Failed/><Successful>${members.join('')}</Successful>`);
});
const TO_SINGLE = answered('Publish', `<MessageId>${MESSAGE_ID}</MessageId>`);

function answerTo(body: string): string {
  const entries = body.match(/\.member\.\d+\.Id=/g)?.length ?? 0;
  return (entries === 0 ? TO_SINGLE : TO_BATCH[entries]) ?? '';
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    const answer = answerTo(body);
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'text/xml', 'content-length': answer.length });
      response.end(answer);
    }, latencyMs);
  });
});
// Sockets wait while the other cases have their turn.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  // It listens at a port, not at a path.
  const { port } = server.address() as AddressInfo;
  process.send?.(port);
});
process.on('disconnect', () => process.exit());
