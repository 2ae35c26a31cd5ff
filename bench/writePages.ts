import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pagesOf } from './report/pages.js';
import type { Results } from './report/results.js';

// Makes the pages of docs/benchmarks.json anew. Run by `npm run bench:docs`.

const results = JSON.parse(readFileSync('docs/benchmarks.json', 'utf8')) as Results;
mkdirSync('docs/benchmarks', { recursive: true });
for (const [path, content] of pagesOf(results)) writeFileSync(`docs/${path}`, content);
