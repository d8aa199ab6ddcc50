import fc from "fast-check";

/** Texts that programs stumble over. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "\t",
    "\n",
    "a\nb",
    "\0",
    "\u001b[31m",
    "\u0085",
    "\ufeff",
    "\u202e",
    "\ud800",
    "'",
    '"',
    "`",
    "\\",
    "👩‍👩‍👧‍👦",
    "é",
    "a::b",
    "$",
    "a$b",
    "%s",
    "..",
    "../../etc/passwd",
    "/dev/zero",
    "~",
    "null",
    "true",
    "0x1F",
    "1e400",
    "-0",
    "12345678901234567890",
    "2001-12-14",
    "<<",
    "*",
    "&a",
    "!!js/function",
    "---",
    "%YAML 1.1",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "${",
    "${}",
    "$${",
    "${secret:known}",
    "${secret:lost}",
    "${config:known}",
    "${number:known}",
    "${unknown:x}",
    "${each}",
    "${each.__proto__}",
    "${stored}",
    "${secret:known",
    "n".repeat(300),
    "🎉".repeat(300),
  ),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
);

/** What JSON can hold, and YAML too. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom(null, true, false, 0, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER, [], {}, [[]], [null], { "": null }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Text that says what it says: no reference, and nothing that YAML or Airbyte would refuse. */
export const plainText = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
  .map((text) => text.replaceAll("${", "$ {"))
  .filter((text) => !/\p{Cc}|::/u.test(text) && text.trim() !== "" && !["<<", "__proto__"].includes(text));
