import { MessagingError, plainLabel } from '../errors.js';

/** The message attribute by which a copy in the dead-letter queue says why it is there. */
export const REJECTION_REASON = 'rejection-reason';

/** Characters of a reason, and of each path in it. */
const MAX_LENGTH = 1_024;
const MAX_PATH_LENGTH = 200;

/** Name, code and paths of an error as compact JSON, with as many paths as fit. Never the error's text. */
export function rejectionReason(error: unknown): string {
  const { name, code, paths } = read(error);
  const brief = { error: name, ...(code === undefined ? {} : { code }) };
  const fitting: string[] = [];
  let text = JSON.stringify(brief);
  for (const path of paths) {
    fitting.push(plain(path));
    const longer = JSON.stringify({ ...brief, paths: fitting });
    if (longer.length > MAX_LENGTH) break;
    text = longer;
  }
  return text;
}

interface Reading {
  readonly name: string;
  readonly code: string | undefined;
  readonly paths: readonly string[];
}

/** Of a foreign error only what is one word: whatever is longer, or has paths, could quote the message it failed on. */
function read(error: unknown): Reading {
  if (!(error instanceof Error)) return { name: typeof error, code: undefined, paths: [] };
  const { code, reason, paths } = error as Error & Partial<Record<'code' | 'reason' | 'paths', unknown>>;
  const isOwn = error instanceof MessagingError;
  return {
    name: plainLabel(error.name) ?? 'Error',
    code: plainLabel(code ?? (isOwn ? reason : undefined)),
    // Of the library's errors only ValidationFailedError has paths, and they are texts.
    paths: isOwn && Array.isArray(paths) ? (paths as readonly string[]) : [],
  };
}

/** One line of what SQS carries. */
const plain = (text: string): string => text.slice(0, MAX_PATH_LENGTH).replace(/[^\x20-\x7E\u00A0-\uD7FF]/g, '?');
