// What runs that were cut off have made in Airbyte and the stack no longer declares: the provider's journal knows it, the state doesn't.
import { join } from "node:path";
import { readResources } from "./ask-pulumi.mjs";
import { say } from "./setup/progress.mjs";
import { stackFolder } from "./setup/project.mjs";
import { resourcesOf } from "./setup/state.mjs";

/** Names it after a run that has ended well; what the state holds is confirmed in the journal. */
export async function tellWhatIsLeft(project, stack, opened, target) {
  const { Intents } = await import("../providers/airbyte/lifecycle/intents.ts");
  const { hasData } = await import("../embedded/index.ts");
  const folder = stackFolder(project, stack, opened.settings);
  // An embedded Airbyte that was destroyed has taken everything along.
  if (target === "embedded" && !hasData(join(folder, "embedded"))) return;
  const intents = new Intents(join(folder, "intents.jsonl"));
  const unconfirmed = intents.unconfirmed().filter(({ told }) => !told);
  if (unconfirmed.length === 0) return;

  const resources = resourcesOf(project, stack) ?? (await readResources(project, opened));
  const known = new Set(resources.map(({ id }) => id));
  const isKnown = ({ id }) => id !== undefined && known.has(id);
  await Promise.all(unconfirmed.filter(isKnown).map(({ id }) => intents.confirm(id)));
  const left = unconfirmed.filter((intent) => !isKnown(intent));
  if (left.length === 0) return;
  const lines = left.map(({ kind, name, id }) => `  ${kind} "${name}" ${id ?? "(perhaps)"}`);
  say(`Airbyte holds what a run that was cut off has made, and the stack no longer declares:\n${lines.join("\n")}`);
  say("Declare it again and npm start takes it over, or delete it in Airbyte. This is said once.");
  await Promise.all(left.map((intent) => intents.tell(intent)));
}
