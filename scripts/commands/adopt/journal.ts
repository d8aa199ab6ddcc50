import { join } from "node:path";
import { Intents } from "../../../providers/airbyte/lifecycle/intents.ts";
import type { StateResource } from "../../stack/state-resources.ts";

/** What an unfinished creation of the kind is found again by, beside the name; see the handlers' `identity`. */
const IDENTITIES: Record<string, readonly string[]> = {
  source: ["definitionId"],
  destination: ["definitionId"],
  connection: ["sourceId", "destinationId"],
  "source-definition": ["dockerRepository"],
  "destination-definition": ["dockerRepository"],
};

/** The journal knows from now on what was taken over, as if the stack had made it. */
export async function noteInJournal(
  folder: string,
  resources: readonly StateResource[],
  before: readonly StateResource[],
): Promise<void> {
  const intents = new Intents(join(folder, "intents.jsonl"));
  const known = new Set(before.map(({ urn }) => urn));
  for (const { urn, id, inputs: given } of resources) {
    const inputs = given as Record<string, string | undefined> | undefined;
    const kind = /\("([\w-]+)"\)$/.exec(inputs?.__provider ?? "")?.[1];
    if (known.has(urn) || id === undefined || kind === undefined || inputs?.declaredAs === undefined) continue;
    if (kind === "default-workspace") continue;
    const identity = Object.fromEntries((IDENTITIES[kind] ?? []).map((key) => [key, inputs[key] ?? ""]));
    const { declaredAs, workspaceId = "", name = "" } = inputs;
    const intent = await intents.begin({ kind, declaredAs, workspaceId, name, identity }, Date.now());
    await intents.created(intent, id);
    await intents.confirm(id);
  }
}
