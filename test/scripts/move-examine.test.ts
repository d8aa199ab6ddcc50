import { beforeEach, expect, onTestFinished, test } from "vitest";
import { Report } from "../../scripts/doctor/report.ts";
import { examineMove } from "../../scripts/move/examine.ts";
import type { Side } from "../../scripts/move/side.ts";
import { createSource, start, type Running } from "../embedded/start.ts";
import { temporaryFolder, write } from "./modules.ts";

beforeEach(() => {
  const before = process.cwd();
  process.chdir(temporaryFolder());
  onTestFinished(() => {
    process.chdir(before);
  });
});

/** A stack whose Airbyte is this server. */
function stackAt({ url, clientId, clientSecret, workspaceId }: Running, stack: string): Side {
  const settings = { target: "existing", url, clientId, clientSecret, stateDir: temporaryFolder() };
  const values = Object.entries(settings).map(([key, value]) => {
    return [`test:${key}`, { value, secret: key === "clientSecret" }] as const;
  });
  const facts = { project: "test", stack, values: Object.fromEntries(values), fillsSecrets: false };
  return { facts: { ...facts, keptUrl: url, keptWorkspaceId: workspaceId }, target: "existing", resources: [] };
}

async function examine(from: Side, to: Side) {
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line));
  const planned = await examineMove(report, from, to, "safe");
  return { planned, text: lines.join("\n"), failures: report.failures };
}

test("connectors and ids that the other Airbyte hasn't got, and secrets that it can't keep, are said together", async () => {
  const [first, other] = [await start(), await start()];
  const { sourceId } = await createSource(first);
  write(
    "pipelines.yaml",
    `
sources: { users: { connector: faker }, odd: { connector: fakr } }
destinations:
  warehouse:
    connector: postgres
    workspaceId: ${first.workspaceId}
    configuration: { host: h, port: 5432, database: d, schema: public, username: u, password: "\${stored}" }
connections: { flow: { source: ${sourceId}, destination: warehouse } }`,
  );
  const { planned, text, failures } = await examine(stackAt(first, "dev"), stackAt(other, "prod"));
  expect(planned).toBeUndefined();
  expect(failures).toEqual(["definitions", "ids", "secrets"]);
  expect(text).toMatch(/sources\.odd: connector: this Airbyte has no source connector "fakr"; did you mean "faker"/);
  expect(text).toContain(`connections.flow.source: there is no source ${sourceId} there`);
  expect(text).toContain(`destinations.warehouse.workspaceId: there is no workspace ${first.workspaceId} there`);
  expect(text).toContain("destinations.warehouse.configuration.password: is ${stored}, which no other Airbyte has");
});

test("a move into the stack's own workspace is refused, and one into an Airbyte that has it all is planned", async () => {
  const [first, other] = [await start(), await start()];
  write("pipelines.yaml", "sources: { users: { connector: faker, configuration: { count: 1 } } }");
  const own = await examine(stackAt(first, "dev"), stackAt(first, "prod"));
  expect(own.failures).toEqual(["workspace"]);
  expect(own.text).toContain("it is dev's own: everything would be there twice");

  const fine = await examine(stackAt(first, "dev"), stackAt(other, "prod"));
  expect([fine.planned, fine.failures]).toEqual([[], []]);
});
