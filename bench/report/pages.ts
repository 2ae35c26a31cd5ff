import { benchmarksPage } from './benchmarksPage.js';
import { performancePage } from './performancePage.js';
import type { Results } from './results.js';

/** Everything that is made of the results, by its path below docs/. */
export function pagesOf(results: Results): ReadonlyMap<string, string> {
  const [benchmarks, performance] = [benchmarksPage(results), performancePage(results)];
  return new Map([
    ['benchmarks.md', benchmarks.text],
    ['performance.md', performance.text],
    ...[...benchmarks.plots, ...performance.plots].map(({ file, svg }) => [`benchmarks/${file}`, svg] as const),
  ]);
}
