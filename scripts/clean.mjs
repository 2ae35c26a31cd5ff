// Removes the named build folders, so that no output of a renamed or deleted source stays behind.
import { rmSync } from 'node:fs';

for (const folder of process.argv.slice(2)) rmSync(folder, { recursive: true, force: true });
