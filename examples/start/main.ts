import * as E from 'fp-ts/lib/Either.js';
import { configurationFor } from './configuration.js';
import { startEmulator } from '../emulator.js';
import { explain } from './explain.js';
import { isSignal, listenForHalt } from './halt.js';
import { HELP, type Options, readOptions } from './options.js';
import { reportOf } from './report.js';
import { run } from './run.js';
import { complaintsOf, type Outcome } from './verdict.js';

// npm start: typed events through SNS and SQS, and what became of each.

// The SDK warns of Node versions that it will not support in the years to come, in the middle of the progress bar.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const options = readOptions(process.argv.slice(2));
if (E.isLeft(options)) {
  process.exitCode = refuse([options.left, 'npm start -- --help shows the options.']);
} else if (options.right.help) {
  process.stdout.write(HELP);
} else {
  process.exitCode = await start(options.right);
}

async function start({ count, endpoint, aws }: Options): Promise<number> {
  const halt = listenForHalt();
  const emulator = aws || endpoint !== undefined ? undefined : await startEmulator();
  const place = emulator?.url ?? endpoint;
  try {
    // With an emulator of its own, nothing of the user's environment counts.
    const config = configurationFor(emulator === undefined ? process.env : {}, place);
    if (E.isLeft(config)) return refuse(config.left.faults.map(({ path, message }) => `${optionOf(path)}: ${message}`));
    console.log(
      `${count.toLocaleString('en-US')} events by way of ${emulator === undefined ? '' : 'an emulator at '}${place ?? 'AWS'}`,
    );
    return conclude(await run(config.right, count, halt));
  } catch (error) {
    if (isSignal(halt.reason)) {
      console.log(`Stopped by ${halt.reason} before anything was sent.`);
      return 0;
    }
    console.error(`${place ?? 'AWS'}: ${explain(error)}`);
    return 1;
  } finally {
    await emulator?.stop();
  }
}

/** Prints what is known in the end; gives the exit code. */
function conclude(outcome: Outcome): number {
  console.log(reportOf(outcome));
  const complaints = complaintsOf(outcome);
  if (complaints.length === 0) {
    const which = outcome.stoppedBy === undefined ? '' : ` until ${outcome.stoppedBy}`;
    console.log(`OK: every valid event${which} was handled, every bad message is dead-lettered, nothing is left.`);
    return 0;
  }
  console.error(['FAILED: not all is accounted for.', ...complaints].join('\n  '));
  return 1;
}

/** Where the variable was given as an option, its fault is that option's. */
function optionOf(variable: string): string {
  return variable === 'AWS_ENDPOINT_URL' ? '--endpoint' : variable;
}

function refuse(faults: readonly string[]): number {
  console.error(faults.join('\n'));
  return 1;
}
