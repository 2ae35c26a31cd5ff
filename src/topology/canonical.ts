/** The same text for the same JSON value, whatever the order of its keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, nested: unknown) =>
    typeof nested === 'object' && nested !== null && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  );
}

/** Whether two texts are the same JSON; texts that are none are the same when they are equal. */
export function isSameJson(text: string, other: string): boolean {
  if (text === other) return true;
  try {
    return canonical(JSON.parse(text)) === canonical(JSON.parse(other));
  } catch {
    return false;
  }
}
