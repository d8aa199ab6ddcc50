import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { onOneLine, printable } from "../../errors/user-error.ts";
import { printTable } from "../../scripts/terminal.ts";

const orders = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const text = fc.string({
  unit: fc.oneof(fc.constantFrom("\u001b", "\u009b", "\r", "\n", "\t", "\u202e", "\u2066"), fc.string()),
});

test("whatever a text holds, what is shown of it gives no orders to a terminal", () => {
  fc.assert(
    fc.property(text, (given) => {
      expect(printable(given)).not.toMatch(orders);
      expect(onOneLine(given)).not.toMatch(/[\p{Cc}]/u);
      if (!orders.test(given)) expect(printable(given)).toBe(given);
    }),
  );
});

test("a row stays one line of the table, whatever is in it", () => {
  const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
  printTable([{ "na\nme": "a\r\nb\u001b[2J" }]);
  expect(printed.mock.calls.flat()).toEqual(["na\\u000ame", "a\\u000d\\u000ab\\u001b[2J"]);
});
