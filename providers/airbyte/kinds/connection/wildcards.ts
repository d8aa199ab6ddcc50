/**
 * Whether a text matches a pattern of `*` (any characters, or none) and `?` (one), in a time that grows with the product of their lengths.
 */
export function matchesWildcards(pattern: string, text: string): boolean {
  let [at, next] = [0, 0];
  // Where the last star stands, and up to where it has taken the text: only that one is ever tried again.
  let [star, taken] = [-1, 0];
  while (at < text.length) {
    if (pattern[next] === "*") [star, taken] = [next++, at];
    else if (next < pattern.length && (pattern[next] === "?" || pattern[next] === text[at]))
      [at, next] = [at + 1, next + 1];
    else if (star >= 0) [at, next] = [++taken, star + 1];
    else return false;
  }
  while (pattern[next] === "*") next += 1;
  return next === pattern.length;
}
