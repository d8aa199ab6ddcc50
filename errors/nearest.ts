import { distance } from "fastest-levenshtein";

/** The candidate that `name` is most likely a misspelling of, or undefined where none is close. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const written = name.toLowerCase();
  let best: string | undefined;
  // Two slips, or swapped letters, in a short word; about a third of a long one; never all of it.
  let bestDistance = Math.min(name.length, Math.max(2, Math.floor(name.length / 3)) + 1);
  for (const candidate of candidates) {
    // Half a name is rather left unfinished than misspelt: incremental_dedup is nearer to incremental_append by steps.
    if (name.length > 5 && candidate.toLowerCase().startsWith(written)) return candidate;
    const steps = distance(written, candidate.toLowerCase());
    if (steps < bestDistance) [best, bestDistance] = [candidate, steps];
  }
  return best;
}

/** `; did you mean "x"?`, or where nothing is close the whole choice, so that the reader need not look it up. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const names = [...candidates];
  const guess = nearest(name, names);
  if (guess !== undefined) return `; did you mean "${guess}"?`;
  if (names.length === 0) return "";
  const shown = names.slice(0, 12).join(", ");
  return ` (known: ${shown}${names.length > 12 ? ", …" : ""})`;
}
