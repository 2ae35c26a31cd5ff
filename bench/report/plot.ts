/** Of a plot with a bar for each case. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The spread: a whisker goes from one to the other. */
  readonly least: number;
  readonly most: number;
  /** Drawn in the colour of this library. */
  readonly isOurs: boolean;
}

const WIDTH = 900;
const LABELS = 370;
const FIGURES = 90;
const ROW = 30;
const TOP = 56;

/** As an image on a page it follows what the reader's system prefers. */
const STYLE = `<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.unit, .axis { fill: #59636e }
.bar { fill: #8c959f }
.ours, .point { fill: #2f81f7 }
.line { fill: none; stroke: #2f81f7; stroke-width: 2 }
.whisker, .rule { stroke: #59636e; stroke-width: 1.5 }
.rule { stroke-width: 0.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .unit, .axis { fill: #9198a1 }
  .bar { fill: #656d76 }
  .whisker, .rule { stroke: #c9d1d9 }
}
</style>`;

/** Bars from the left, with whiskers from the least to the most of the rounds. */
export function barPlot(title: string, unit: string, bars: readonly Bar[], shown: (value: number) => string): string {
  const most = Math.max(...bars.map((bar) => bar.most));
  const x = (value: number): number => LABELS + (value / most) * (WIDTH - LABELS - FIGURES);
  const rows = bars.map(({ label, value, least, most: top, isOurs }, index) => {
    const y = TOP + index * ROW;
    const middle = y + ROW / 2;
    return [
      textAt(LABELS - 10, middle + 4, label, 'text-anchor="end"'),
      `<rect class="bar${isOurs ? ' ours' : ''}" x="${px(LABELS)}" y="${px(y + 5)}" width="${px(x(value) - LABELS)}" height="${px(ROW - 10)}"/>`,
      line('whisker', x(least), middle, x(top), middle),
      line('whisker', x(least), middle - 4, x(least), middle + 4),
      line('whisker', x(top), middle - 4, x(top), middle + 4),
      textAt(x(top) + 8, middle + 4, shown(value)),
    ].join('\n');
  });
  return svg(title, unit, TOP + bars.length * ROW + 12, rows);
}

/** A line through points, from zero. */
export function linePlot(
  title: string,
  unit: string,
  points: readonly { readonly x: number; readonly y: number }[],
  shown: { readonly x: (value: number) => string; readonly y: (value: number) => string },
): string {
  const [left, right, top, bottom] = [80, WIDTH - 40, TOP + 10, 300];
  const [mostX, mostY] = [Math.max(...points.map(({ x }) => x)), Math.max(...points.map(({ y }) => y))];
  const x = (value: number): number => left + (value / mostX) * (right - left);
  const y = (value: number): number => bottom - (value / mostY) * (bottom - top);
  const ticks = [0, 0.5, 1].flatMap((part) => [
    line('rule', left, y(mostY * part), right, y(mostY * part)),
    textAt(left - 8, y(mostY * part) + 4, shown.y(mostY * part), 'class="axis" text-anchor="end"'),
    textAt(x(mostX * part), bottom + 20, shown.x(mostX * part), 'class="axis" text-anchor="middle"'),
  ]);
  const path = points.map((point) => `${px(x(point.x))},${px(y(point.y))}`).join(' ');
  const dots = points.map((point) => `<circle class="point" cx="${px(x(point.x))}" cy="${px(y(point.y))}" r="3"/>`);
  return svg(title, unit, bottom + 36, [...ticks, `<polyline class="line" points="${path}"/>`, ...dots]);
}

function svg(title: string, unit: string, height: number, parts: readonly string[]): string {
  const size = `width="${px(WIDTH)}" height="${px(height)}" viewBox="0 0 ${px(WIDTH)} ${px(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
    `<title>${escaped(title)}</title>`,
    STYLE,
    textAt(12, 24, title, 'class="title"'),
    textAt(12, 43, unit, 'class="unit"'),
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function textAt(x: number, y: number, content: string, more = ''): string {
  return `<text x="${px(x)}" y="${px(y)}"${more === '' ? '' : ` ${more}`}>${escaped(content)}</text>`;
}

function line(name: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${name}" x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}"/>`;
}

const px = (value: number): string => String(Math.round(value * 10) / 10);

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
