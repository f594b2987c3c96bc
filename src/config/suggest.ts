/** "Did you mean": the nearest of some words to one that isn't among them. Pure. */

/** Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? before[j - 2]! + 1 : Infinity;
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, substitution, swap));
    }
    [before, previous] = [previous, current];
  }
  return previous[b.length]!;
}

/**
 * The candidate nearest to `word`, ignoring case; null when none is near. Near: at most one edit in three letters,
 * or a candidate that begins with the word (`standby` for `standbyRegion`). The first wins a tie.
 */
export function suggest(word: string, candidates: readonly string[]): string | null {
  const wanted = word.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const near = candidates
    .map(candidate => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)[0];
  const begun = wanted.length >= 3 && candidates.find(candidate => candidate.toLowerCase().startsWith(wanted));
  return near?.candidate ?? (begun || null);
}
