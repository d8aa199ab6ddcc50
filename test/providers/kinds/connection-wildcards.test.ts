import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesWildcards } from "../../../providers/airbyte/kinds/connection/stream-selection.ts";

const letters = fc.string({ unit: fc.constantFrom("a", "b", ".", "\n"), maxLength: 8 });
const patterns = fc.string({ unit: fc.constantFrom("a", "b", ".", "*", "?"), maxLength: 6 });

test("it matches what the regular expression of the same meaning does", () => {
  fc.assert(
    fc.property(patterns, letters, (pattern, text) => {
      const source = pattern.replaceAll(".", "\\.").replaceAll("*", ".*").replaceAll("?", ".");
      expect(matchesWildcards(pattern, text)).toBe(new RegExp(`^${source}$`, "s").test(text));
    }),
    { numRuns: 2_000 },
  );
});

test("a text may hold stars itself", () => {
  expect(matchesWildcards("a*c", "a*bc")).toBe(true);
  expect(matchesWildcards("?", "*")).toBe(true);
});

test("a pattern made to try for ever ends", () => {
  expect(matchesWildcards("*a".repeat(40), `${"a".repeat(5_000)}b`)).toBe(false);
});
