import { expect, test } from "vitest";
import { asMarkdown, FIRST_LINE, flowchart } from "../../../scripts/commands/graph.ts";

function resource(type: string, name: string, id: string, inputs: object = {}, more: object = {}) {
  const urn = `urn:pulumi:dev::airbyte-on-pulumi::pulumi-nodejs:dynamic/airbyte:${type}::${name}`;
  return { urn, type: `pulumi-nodejs:dynamic/airbyte:${type}`, id, inputs: { ...inputs }, ...more };
}

const connection = (name: string, source: string, destination: string, settings: object = {}) =>
  resource("Connection", name, `id-of-${name}`, { sourceId: source, destinationId: destination, ...settings });

const cron = (cronExpression: string, timeZone?: string) => ({
  schedule: { scheduleType: "cron", cronExpression, timeZone },
});

test("sources, destinations and connections, with schedules; paused ones dashed, and those alone are there too", () => {
  const resources = [
    { urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", type: "pulumi:pulumi:Stack" },
    connection("users-to-lake", "2", "9"),
    connection("sheet-to-lake", "1", "9", cron("0 0 6 1 1 2027 Europe/Berlin")),
    connection("paused", "1", "9", { ...cron("0 0 6 1 1 2027"), status: "inactive" }),
    resource("Source", "users", "2", { connector: "faker" }),
    resource("Source", "sheet", "1"),
    resource("Source", "sheet", "old", {}, { delete: true }),
    resource("Destination", "lake", "9", { connector: "duckdb" }),
    resource("Destination", "unused", "8"),
  ];
  const chart = flowchart(resources);
  expect(chart).toBe(`${FIRST_LINE}
flowchart LR
  s1(["sheet"])
  s2(["users<br/>faker"])
  d1[("lake<br/>duckdb")]
  d2[("unused")]
  s1 -.->|"paused<br/>paused, 0 0 6 1 1 2027 UTC"| d1
  s1 -->|"sheet-to-lake<br/>0 0 6 1 1 2027 Europe/Berlin"| d1
  s2 -->|"users-to-lake<br/>by hand"| d1
`);
  expect(flowchart([...resources].reverse())).toBe(chart);
  expect(asMarkdown(chart!)).toBe(`\`\`\`mermaid\n${chart}\`\`\`\n`);
});

test("what others manage is there by its id, and a stack without pipelines has no chart", () => {
  const id = "5a1f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13";
  const chart = flowchart([connection("flow", id, "9"), resource("Destination", "lake", "9")]);
  expect(chart).toContain(`  o1{{"${id}<br/>managed by others"}}\n  o1 -->|"flow<br/>by hand"| d1`);
  expect(flowchart([{ urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", type: "pulumi:pulumi:Stack" }])).toBe(
    undefined,
  );
});

// Read once by Mermaid 12 itself, in a browser, with all of these as names: each label was shown as it is here.
test.each([
  ['say "hi"', "say #34;hi#34;"],
  ["a]) --> b[(x|y{z}; 1", "a]) --#62; b[(x|y{z}; 1"],
  ["end", "end"],
  ["größer 🚀", "größer 🚀"],
  ["#quot; & <b>", "#35;quot; #38; #60;b#62;"],
  ["%%{init: {}}%%", "#37;#37;{init#58; {}}#37;#37;"],
  ["`code` back\\slash", "#96;code#96; back#92;slash"],
  ["style a:b#c", "style a#58;b#35;c"],
])("no name can end its label or become a word of Mermaid's: %s", (name, label) => {
  expect(flowchart([resource("Source", name, "1")])).toContain(`\n  s1(["${label}"])\n`);
});

test("what is secret stays encrypted, and isn't shown", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
  const chart = flowchart([
    resource("Source", "users", "1", { connector: secret, configuration: { password: secret } }),
  ]);
  expect(chart).toContain('  s1(["users"])');
  expect(chart).not.toContain("abc");
});
