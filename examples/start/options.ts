import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';

/** What the command line asks for. */
export interface Options {
  readonly count: number;
  /** URL of an emulator that runs already; without one, and without `aws`, one is started in the process. */
  readonly endpoint: string | undefined;
  /** Use the real account that the environment names. */
  readonly aws: boolean;
  readonly help: boolean;
}

const MAX_COUNT = 10_000_000;

export const HELP = `Publishes typed events to SNS, consumes them from SQS, and tells what became of each.

Usage: npm start -- [options]

  --count N        events to publish, 1 to 10,000,000 (default 1000)
  --endpoint URL   use the emulator at URL instead of starting one in the process
  --aws            use the real account that the environment variables name
  --help           show this

Examples:
  npm start                                              an emulator in the process, 1,000 events
  npm start -- --count 50000                             more of them
  npm start -- --endpoint http://127.0.0.1:4566          LocalStack and the like
  AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION_NAME=eu-west-1 npm start -- --aws

Every 50th event is invalid and refused, the handler fails on every 33rd the first time, and some messages that no codec
accepts are put straight into the queue. With --endpoint and --aws the topic and the queues (demo-user-events...) stay.

Ctrl-C ends in order: nothing more is sent, what was sent is handled. A second Ctrl-C ends at once.
Exit code: 0 when all that was sent is accounted for, else 1.
`;

/** Reads the command line, or says what is wrong with it. */
export function readOptions(args: readonly string[]): E.Either<string, Options> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        count: { type: 'string', default: '1000' },
        endpoint: { type: 'string' },
        aws: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
    const { count: text, endpoint, aws, help } = values;
    const count = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(count >= 1 && count <= MAX_COUNT)) return E.left('--count: expected a whole number from 1 to 10,000,000');
    if (endpoint !== undefined && !/^https?:\/\/./.test(endpoint)) {
      return E.left('--endpoint: expected a URL such as http://127.0.0.1:4566');
    }
    if (endpoint !== undefined && aws) return E.left('--endpoint and --aws: give one of them');
    return E.right({ count, endpoint, aws, help });
  } catch (error) {
    // parseArgs throws a TypeError with a text for the user.
    return E.left(error instanceof Error ? error.message : String(error));
  }
}
