/** A letter of a lane. Within a group it may be anywhere in the group's width. */
export interface LaneLetter {
  readonly letter: string;
  readonly column: number;
  /** Columns by which it may really have been later. */
  readonly slack: number;
}

/**
 * Draws a lane, one character a column. Letters of one column are a group, `(ab)`; what happens within the width of a group is
 * drawn into it.
 */
export function drawLane(letters: readonly Omit<LaneLetter, 'slack'>[], columns: number): string {
  const sorted = [...letters].sort((one, other) => one.column - other.column);
  let line = '';
  while (sorted.length > 0) {
    const column = Math.max(line.length, sorted[0]?.column ?? 0);
    const group: string[] = [];
    let width = 0;
    while (sorted[0] !== undefined && sorted[0].column < column + Math.max(1, width)) {
      group.push(sorted[0].letter);
      sorted.shift();
      width = group.length > 1 ? group.length + 2 : 1;
    }
    const text = group.join('');
    line = line.padEnd(column, '-') + (group.length > 1 ? `(${text})` : text);
  }
  return line.padEnd(columns, '-');
}

/** Reads a lane; undefined for a text that is none. */
export function readLane(line: string): readonly LaneLetter[] | undefined {
  if (!/^(-|\p{L}|\(\p{L}+\))*$/u.test(line)) return undefined;
  return [...line.matchAll(/\p{L}|\(\p{L}+\)/gu)].flatMap(({ 0: text, index }) =>
    Array.from(text.replace(/[()]/g, ''), (letter) => ({ letter, column: index, slack: text.length - 1 })),
  );
}
