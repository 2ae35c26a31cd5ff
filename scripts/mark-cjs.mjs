// The package is "type": "module"; without this file Node would read dist/cjs as ESM.
import { writeFileSync } from 'node:fs';

writeFileSync('dist/cjs/package.json', `${JSON.stringify({ type: 'commonjs' })}\n`);
