import { AssertionError } from 'chai';
import {
  catchError,
  concatMap,
  delay,
  filter,
  firstValueFrom,
  from,
  map,
  mergeMap,
  of,
  ReplaySubject,
  type Subscription,
} from 'rxjs';
import { type Emulator, startEmulator } from '../../examples/emulator.js';
import { AWSConnectionError } from '../../src/errors.js';
import { createClient, type MessagingClient } from '../../src/index.js';
import type { Behaviour } from './behaviour.js';
import { BEHAVIOURS } from './behaviours.js';
import { createStage } from './createStage.js';
import { played } from './script.js';

/** How a script ended: with an error, or without. */
interface Outcome {
  readonly behaviour: Behaviour;
  readonly error: Error | undefined;
}

/** How long after each other scripts begin. */
const APART_MS = 10;

/** The differences of the emulator stand beside the behaviours, each in its own words. */
describe('behaviours, on the emulator', () => {
  const outcomes = new ReplaySubject<Outcome>(Infinity);
  let emulator: Emulator;
  let client: MessagingClient;
  let plays: Subscription;

  // They have names of their own and wait most of the time: together they take little more than the longest of them. One
  // begins after another, and later when the process is busy, for many at one moment would make each other late.
  before(async () => {
    emulator = await startEmulator();
    client = createClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'top-secret' },
      environment: 'dev',
      endpoint: emulator.url,
    });
    plays = from(BEHAVIOURS.flatMap(({ behaviours }) => behaviours))
      .pipe(
        concatMap((behaviour) => of(behaviour).pipe(delay(APART_MS))),
        mergeMap((behaviour, index) =>
          played(() => behaviour.script(createStage(client.port.calls, `b${index}`))).pipe(
            map((): Outcome => ({ behaviour, error: undefined })),
            catchError((error: unknown) => of<Outcome>({ behaviour, error: error as Error })),
          ),
        ),
      )
      .subscribe(outcomes);
  });
  after(async () => {
    plays.unsubscribe();
    await client.close();
    await emulator.stop();
  });

  const errorOf = (wanted: Behaviour): Promise<Error | undefined> =>
    firstValueFrom(
      outcomes.pipe(
        filter(({ behaviour }) => behaviour === wanted),
        map(({ error }) => error),
      ),
    );

  for (const { name: theme, behaviours } of BEHAVIOURS) {
    describe(theme, () => {
      for (const behaviour of behaviours) {
        const { name, emulator: difference } = behaviour;
        if (difference === undefined) {
          it(name, async () => {
            const error = await errorOf(behaviour);
            if (error !== undefined) throw error;
          });
        } else {
          it(`not so: ${name} (${difference})`, async () => {
            const error = await errorOf(behaviour);
            if (error === undefined) throw new AssertionError('it is so: strike the difference off the list');
            // Any other error is one of the script.
            if (!(error instanceof AssertionError || error instanceof AWSConnectionError)) throw error;
          });
        }
      }
    });
  }
});
