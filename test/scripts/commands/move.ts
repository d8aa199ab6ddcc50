import { onTestFinished } from "vitest";
import type { StateResource } from "../../../scripts/stack/state.ts";
import type { Side } from "../../../scripts/commands/move/connections.ts";
import type { Running } from "../../embedded/start.ts";
import { temporaryFolder } from "../modules.ts";

/** Works in an empty folder until the test is over. */
export function inOwnFolder(): void {
  const before = process.cwd();
  process.chdir(temporaryFolder());
  onTestFinished(() => {
    process.chdir(before);
  });
}

/** A stack whose Airbyte is this server, with the connections of these names and ids. */
export function stackAt(
  { url, clientId, clientSecret, workspaceId }: Running,
  stack: string,
  connections: Record<string, string> = {},
): Side {
  const settings = { target: "existing", url, clientId, clientSecret, stateDir: temporaryFolder() };
  const values: Side["facts"]["values"] = {};
  for (const [key, value] of Object.entries(settings))
    values[`test:${key}`] = { value, secret: key === "clientSecret" };
  const type = "pulumi-nodejs:dynamic/airbyte:Connection";
  const resources = Object.entries(connections).map(([name, id]): StateResource => {
    return { urn: `urn:pulumi:${stack}::test::${type}::${name}`, type, id, inputs: { workspaceId } };
  });
  const facts = { project: "test", stack, values, fillsSecrets: false, keptUrl: url, keptWorkspaceId: workspaceId };
  return { facts, target: "existing", resources };
}
