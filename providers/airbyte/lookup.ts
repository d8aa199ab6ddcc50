import * as pulumi from "@pulumi/pulumi";
import type { ActorKind } from "./api/airbyte-api.ts";
import { workspacesOnce } from "./api/workspaces-once.ts";
import type { AirbyteHandle } from "./resource.ts";
import type { Session } from "./session.ts";
import type { Specification } from "./specification/schema.ts";

let session: Promise<Session> | undefined;

/**
 * A connector's specification, asked for while the program runs: it tells which values to make secrets. undefined where
 * the Airbyte is not there yet or can't be asked, or where address or connector are known only later.
 */
export async function lookUpSpecification(
  kind: ActorKind,
  airbyte: AirbyteHandle,
  { connector, definitionId }: { connector?: unknown; definitionId?: unknown },
): Promise<Specification | undefined> {
  if (typeof airbyte.url !== "string") return undefined;
  if (typeof connector !== "string" && typeof definitionId !== "string") return undefined;
  const profile = airbyte.profile === undefined ? {} : { profile: airbyte.profile };
  const inputs = { airbyteUrl: airbyte.url, declaredAs: `${pulumi.getStack()}/`, ...profile };
  try {
    const current = await (session ??= openSession());
    if (current.isDataGone(inputs)) return undefined;
    const { api, connectors } = await current.airbyte(inputs);
    const [workspace] = await workspacesOnce(api);
    if (!workspace) return undefined;
    if (typeof definitionId === "string") {
      return await connectors.specification(kind, definitionId, workspace.workspaceId);
    }
    const found = await connectors.resolve(kind, connector as string, workspace.workspaceId);
    return "id" in found ? await connectors.specification(kind, found.id, workspace.workspaceId) : undefined;
  } catch {
    return undefined; // The provider's check says what is wrong; here it only means that keys decide.
  }
}

// Loaded only when it is needed, so that a program which needs no lookup doesn't wait for the HTTP client.
async function openSession(): Promise<Session> {
  const { Session } = await import("./session.ts");
  const own = new pulumi.Config();
  const airbyte = new pulumi.Config("airbyte");
  return new Session({
    get: (key) => (key.startsWith("airbyte:") ? airbyte.get(key.slice("airbyte:".length)) : own.get(key)),
  });
}
