/** A character of a diagram, and the frame it stands for. */
export interface Glyph {
  readonly frame: number;
  readonly text: string;
}

/** Diagrams under one another, and for each frame with something in it where it stands. */
export interface AlignedDiagrams {
  readonly lines: readonly string[];
  /** Columns of a frame: the first, and the one after the last. */
  readonly columns: ReadonlyMap<number, readonly [number, number]>;
}

/** A stretch of nothing that is longer is written as a time. */
const MAX_DASHES = 20;

/**
 * Draws diagrams so that equal frames are in equal columns, in the syntax of TestScheduler's run mode: one character is one
 * frame, and a long stretch of nothing is a time.
 *
 * ```text
 * a---(bc) 30s |
 * a---b--- 30s |
 * ```
 */
export function alignedDiagrams(rows: readonly (readonly Glyph[])[]): AlignedDiagrams {
  const frames = [...new Set(rows.flat().map(({ frame }) => frame))].sort((one, other) => one - other);
  const columns = new Map<number, readonly [number, number]>();
  let lines = rows.map(() => '');
  let column = 0;
  let reached = 0;
  const append = (texts: readonly string[]): void => {
    lines = lines.map((line, row) => line + (texts[row] ?? ''));
    column += texts[0]?.length ?? 0;
  };
  for (const frame of frames) {
    // What follows within the width of a group can't be drawn in its place; it comes right after.
    const gap = gapOf(Math.max(0, frame - reached));
    append(rows.map(() => gap));
    const cells = rows.map((row) => cellOf(row.filter((glyph) => glyph.frame === frame)));
    const width = Math.max(...cells.map(({ length }) => length));
    columns.set(frame, [column, column + width]);
    append(cells.map((cell) => cell.padEnd(width, '-')));
    reached = Math.max(reached, frame) + width;
  }
  return { lines, columns };
}

/** Several at one frame are a group. */
function cellOf(glyphs: readonly Glyph[]): string {
  const text = glyphs.map((glyph) => glyph.text).join('');
  return glyphs.length > 1 ? `(${text})` : text;
}

const gapOf = (frames: number): string => (frames <= MAX_DASHES ? '-'.repeat(frames) : ` ${timeOf(frames)} `);

/** Frames as a time: `90ms`, `1.5s`, `10m`. */
export function timeOf(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms >= 1_000 ? `${ms / 1_000}s` : `${ms}ms`;
}
