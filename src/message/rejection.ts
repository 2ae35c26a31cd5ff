/** The message attribute by which a copy in the dead-letter queue says why it is there. */
export const REJECTION_REASON = 'rejection-reason';

/** Characters of a reason, of each name in it, and of each path. */
const MAX_LENGTH = 1_024;
const MAX_NAME_LENGTH = 100;
const MAX_PATH_LENGTH = 200;

/** Name, code and paths of an error as compact JSON, with as many paths as fit. Never the error's text. */
export function rejectionReason(error: unknown): string {
  const { name, code, paths } = read(error);
  const brief = {
    error: plain(name, MAX_NAME_LENGTH),
    ...(code === undefined ? {} : { code: plain(code, MAX_NAME_LENGTH) }),
  };
  const fitting: string[] = [];
  let text = JSON.stringify(brief);
  for (const path of paths) {
    fitting.push(plain(path, MAX_PATH_LENGTH));
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

function read(error: unknown): Reading {
  if (!(error instanceof Error)) return { name: typeof error, code: undefined, paths: [] };
  const { code, reason, paths } = error as {
    readonly code?: unknown;
    readonly reason?: unknown;
    readonly paths?: unknown;
  };
  const label: unknown = typeof code === 'string' ? code : reason;
  return {
    name: error.name,
    code: typeof label === 'string' ? label : undefined,
    paths: Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [],
  };
}

/** One line of what SQS carries: names and paths of a foreign error can hold anything. */
function plain(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[^\x20-\x7E\u00A0-\uD7FF]/g, '?');
}
