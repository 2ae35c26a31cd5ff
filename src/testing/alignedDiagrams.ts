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

/** A diagram on its way: its text, and the frame up to which it reaches. */
interface Row {
  readonly glyphs: readonly Glyph[];
  text: string;
  reached: number;
}

/**
 * Draws diagrams so that equal frames are in equal columns, in the syntax of TestScheduler's run mode, as which each line can
 * be read again: one character is one frame, a long stretch of nothing is a time, and a blank is none.
 *
 * ```text
 * a---(bc) 30s |
 * a---b--- 30s |
 * ```
 *
 * What follows within the width of a group has no place in that syntax; it is drawn right after the group.
 */
export function alignedDiagrams(all: readonly (readonly Glyph[])[]): AlignedDiagrams {
  const frames = [...new Set(all.flat().map(({ frame }) => frame))].sort((one, other) => one - other);
  const columns = new Map<number, readonly [number, number]>();
  const rows = all.map((glyphs): Row => ({ glyphs, text: '', reached: 0 }));
  /** Appends to each row; blanks in front or behind make them equally long. */
  const append = (texts: readonly string[], pad: (text: string, width: number) => string): void => {
    const width = Math.max(...texts.map(lengthOf));
    for (const [index, row] of rows.entries()) row.text += pad(texts[index] ?? '', width);
  };
  for (const [index, frame] of frames.entries()) {
    append(
      rows.map(({ reached }) => gapOf(Math.max(0, frame - reached))),
      (text, width) => ' '.repeat(width - lengthOf(text)) + text,
    );
    const next = frames[index + 1] ?? Infinity;
    const cells = rows.map(({ glyphs }) => cellOf(glyphs.filter((glyph) => glyph.frame === frame)));
    const width = Math.max(...cells.map(lengthOf));
    const from = lengthOf(rows[0]?.text ?? '');
    columns.set(frame, [from, from + width]);
    // Dashes fill a cell as long as they don't reach beyond what comes next; blanks do the rest.
    const drawn = cells.map((cell, row) => {
      const begin = Math.max(rows[row]?.reached ?? 0, frame);
      return cell + '-'.repeat(Math.max(0, Math.min(width, next - begin) - lengthOf(cell)));
    });
    append(drawn, (text) => text + ' '.repeat(width - lengthOf(text)));
    for (const [position, row] of rows.entries())
      row.reached = Math.max(row.reached, frame) + lengthOf(drawn[position] ?? '');
  }
  return { lines: rows.map(({ text }) => text.trimEnd()), columns };
}

/** RxJS counts characters, not halves of them. */
const lengthOf = (text: string): number => Array.from(text).length;

/** Several at one frame are a group. */
function cellOf(glyphs: readonly Glyph[]): string {
  const text = glyphs.map((glyph) => glyph.text).join('');
  return glyphs.length > 1 ? `(${text})` : text;
}

const gapOf = (frames: number): string => (frames <= MAX_DASHES ? '-'.repeat(frames) : ` ${timeOf(frames)} `);

/** Frames as a time that RxJS reads as just as many: `90ms`, `3s`, `10m`. */
export function timeOf(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms >= 1_000 && ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}
