/** A line that points up at columns: each from its first to the one before its last. */
export function pointers(spans: readonly (readonly [number, number])[]): string {
  const end = Math.max(0, ...spans.map(([, to]) => to));
  return Array.from({ length: end }, (_, column) =>
    spans.some(([from, to]) => column >= from && column < to) ? '^' : ' ',
  ).join('');
}
