import { distance } from "fastest-levenshtein";

/** The candidate that `name` is most likely a misspelling of, or undefined where none is close. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const written = name.toLowerCase();
  let best: string | undefined;
  let bestSteps = Infinity;
  for (const candidate of candidates) {
    const meant = candidate.toLowerCase();
    // Half a name is rather left unfinished than misspelt: incremental_dedup is nearer to incremental_append by steps.
    if (name.length > 5 && meant.startsWith(written)) return candidate;
    const steps = distance(written, meant);
    if (steps < bestSteps && steps <= slips(written, meant)) [best, bestSteps] = [candidate, steps];
  }
  return best;
}

/** How many steps apart two words may be for the one to be a misspelling of the other. */
function slips(written: string, meant: string): number {
  const shorter = Math.min(written.length, meant.length);
  // Most words of three letters are two steps from one another: there only swapped letters are a slip of two.
  if (shorter <= 3 && !isSwapped(written, meant)) return Math.min(1, shorter - 1);
  // Two slips, or swapped letters, in a short word; about a third of a long one.
  return Math.max(2, Math.floor(written.length / 3));
}

function isSwapped(a: string, b: string): boolean {
  return a.length > 2 && [...a].sort().join("") === [...b].sort().join("");
}

/** More would hide the sentence that they are for. */
const maxListed = 20;

/** `; did you mean "x"?`, or where nothing is close the whole choice, so that the reader need not look it up. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const names = [...candidates];
  const guess = nearest(name, names);
  if (guess !== undefined) return `; did you mean "${guess}"?`;
  if (names.length === 0) return "";
  const more = names.length > maxListed ? `, … and ${names.length - maxListed} more` : "";
  return ` (known: ${names.slice(0, maxListed).join(", ")}${more})`;
}
