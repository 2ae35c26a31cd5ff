import { SingleBar } from 'cli-progress';
import { interval, type Subscription } from 'rxjs';
import type { Tally } from './tally.js';

/** Shows on stderr how far the run has come: a live bar on a terminal, a line a second elsewhere. Ends when unsubscribed. */
export function showProgress(tally: Tally, total: number): Subscription {
  const { isTTY } = process.stderr;
  return isTTY && process.env.TERM !== 'dumb' ? showBar(tally, total) : showLines(tally, total);
}

const doneOf = ({ refused, handled, deadLettered }: Tally): number => refused + handled + deadLettered;

function showBar(tally: Tally, total: number): Subscription {
  const bar = new SingleBar({
    format: '{bar} {percentage}%  {value}/{total}  {published} published, {handled} handled, {rate}/s',
    barsize: 20,
    barCompleteChar: '█',
    barIncompleteChar: '░',
  });
  const startedAt = Date.now();
  const update = (): void => {
    const seconds = (Date.now() - startedAt) / 1_000;
    const { published, handled } = tally;
    bar.update(doneOf(tally), { published, handled, rate: Math.round(handled / Math.max(seconds, 0.1)) });
  };
  bar.start(total, 0, { published: 0, handled: 0, rate: 0 });
  const drawing = interval(100).subscribe(update);
  drawing.add(() => {
    update();
    bar.stop();
  });
  return drawing;
}

function showLines(tally: Tally, total: number): Subscription {
  const startedAt = Date.now();
  let last = '';
  const line = (): void => {
    const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
    const { published, refused, handled, redelivered, deadLettered } = tally;
    const state =
      `${doneOf(tally)}/${total}: ${published} published, ${refused} refused, ` +
      `${handled} handled, ${redelivered} redelivered, ${deadLettered} dead-lettered`;
    if (state !== last) process.stderr.write(`${seconds.padStart(6)} s  ${state}\n`);
    last = state;
  };
  const printing = interval(1_000).subscribe(line);
  printing.add(line);
  return printing;
}
