import fc from "fast-check";
import { expect, test } from "vitest";
import { isCidr, isWorld } from "../../settings/address-blocks.ts";

test.each([
  [["0.0.0.0/0"]],
  [["203.0.113.7/00"]],
  [["0.0.0.0/1", "128.0.0.0/1"]],
  [["64.0.0.0/2"]],
  [["::/0"]],
  [["::/1", "8000::/1"]],
  [["::ffff:0.0.0.0/0"]],
  [["2000::/3"]],
  [["2000::/4", "3000::/4"]],
  [["2600::/12"]],
])("%j is the world", (blocks) => {
  expect(isWorld(blocks)).toBe(true);
});

test.each([
  [["203.0.113.7/32", "2001:db8::/48"]],
  [["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]],
  [["10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9"]],
  [["fd00::/8", "fe80::/10", "2a00::/19"]],
  [["8000::/1"]], // nobody has an address there
  [["nonsense", "1.2.3.4", "1.2.3.4/x", "0.0.0.0/0/0", ""]],
  [[]],
])("%j is not", (blocks) => {
  expect(isWorld(blocks)).toBe(false);
});

test("the world is the world however it is cut", () => {
  const cut = fc.letrec<{ part: string[] }>((tie) => ({
    part: fc.oneof(
      { depthSize: "medium" },
      fc.constant<string[]>([""]),
      fc
        .tuple(tie("part"), tie("part"))
        .map(([zero, one]) => [...zero.map((bits) => `0${bits}`), ...one.map((bits) => `1${bits}`)]),
    ),
  })).part;
  const address = (bits: string) => {
    const all = bits.padEnd(32, "0");
    const quads = [0, 8, 16, 24].map((at) => parseInt(all.slice(at, at + 8), 2));
    return `${quads.join(".")}/${bits.length}`;
  };
  fc.assert(
    fc.property(cut, fc.nat(), (parts, seed) => {
      const blocks = parts.filter((bits) => bits.length <= 32).map(address);
      const turned = seed % blocks.length;
      expect(isWorld([...blocks.slice(turned), ...blocks.slice(0, turned)])).toBe(true);
    }),
  );
});

test("what AWS doesn't take is no block", () => {
  expect(["0.0.0.0/33", "::/129", "1.2.3/8", "example.com/8", "1.2.3.4/-1", "1.2.3.4"].filter(isCidr)).toEqual([]);
  expect(["0.0.0.0/0", "::/0", "::ffff:1.2.3.4/128"].filter((block) => !isCidr(block))).toEqual([]);
});
