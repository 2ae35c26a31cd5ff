/** A column of a table: its head, and whether it is numbers. */
export interface Column {
  readonly head: string;
  readonly isNumber?: boolean;
}

export const text = (head: string): Column => ({ head });
export const number = (head: string): Column => ({ head, isNumber: true });

/** A table, padded as Prettier pads it. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ head }, index) =>
    Math.max(3, head.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string => {
    const padded = columns.map(({ isNumber }, index) => {
      const [cell, width] = [cells[index] ?? '', widths[index] ?? 0];
      return isNumber === true ? cell.padStart(width) : cell.padEnd(width);
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = columns.map(({ isNumber }, index) => {
    const width = widths[index] ?? 0;
    return isNumber === true ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
  });
  return [line(columns.map(({ head }) => head)), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** The parts of a page, a blank line between them. */
export function page(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
