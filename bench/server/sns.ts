import type { ServerState } from './serverState.js';

const MESSAGE_ID = '00000000-0000-4000-8000-000000000000';
const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
const METADATA = `<ResponseMetadata><RequestId>${MESSAGE_ID}</RequestId></ResponseMetadata>`;

const ENTRY_ID = /\.member\.\d+\.Id=([^&]*)/g;

/** The answer to a request of SNS's Query protocol, as XML; none where the operation is not known. */
export function answerOfSns({ counts }: ServerState, operation: string, body: string): string | undefined {
  switch (operation) {
    case 'Publish':
      counts.accepted += 1;
      return answered(operation, `<MessageId>${MESSAGE_ID}</MessageId>`);
    case 'PublishBatch': {
      const ids = Array.from(body.matchAll(ENTRY_ID), ([, id = '']) => id);
      counts.accepted += ids.length;
      const members = ids.map((id) => `<member><Id>${id}</Id><MessageId>${MESSAGE_ID}</MessageId></member>`);
      return answered(operation, `<Failed/><Successful>${members.join('')}</Successful>`);
    }
    case 'GetTopicAttributes':
      return answered(operation, '<Attributes><entry><key>DisplayName</key><value/></entry></Attributes>');
    default:
      return undefined;
  }
}

function answered(action: string, result: string): string {
  return `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>${METADATA}</${action}Response>`;
}
