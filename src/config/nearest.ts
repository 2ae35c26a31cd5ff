/** Changes from a mistyped name to the one that was meant, at most. */
const MAX_CHANGES = 3;

/** The name among `known` that is most like a mistyped one; undefined when none is like it. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  for (let changes = 0; changes <= MAX_CHANGES; changes += 1) {
    const found = known.find((candidate) => isWithin(changes, name.toLowerCase(), candidate.toLowerCase()));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether one text becomes the other by so many insertions, deletions and replacements of a character, or fewer. */
function isWithin(changes: number, from: string, to: string): boolean {
  if (changes < 0) return false;
  if (from === '' || to === '') return from.length + to.length <= changes;
  const [fromRest, toRest] = [from.slice(1), to.slice(1)];
  if (from.startsWith(to.charAt(0))) return isWithin(changes, fromRest, toRest);
  const left = changes - 1;
  return isWithin(left, fromRest, to) || isWithin(left, from, toRest) || isWithin(left, fromRest, toRest);
}
