import type { Script } from './script.js';
import type { Stage } from './stage.js';

/** Something that SNS and SQS do, told by a name and by a script that fails where it is not so. */
export interface Behaviour {
  readonly name: string;
  readonly script: (stage: Stage) => Script;
  /** What the emulator does instead. Where this stands the script has to fail on it. */
  readonly emulator?: string;
}

/** Behaviours of one theme. */
export interface Theme {
  readonly name: string;
  readonly behaviours: readonly Behaviour[];
}
