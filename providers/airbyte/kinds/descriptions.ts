import { application } from "./application/description.ts";
import { destination, source } from "./actor/description.ts";
import { connection } from "./connection/description.ts";
import { declarativeSourceDefinition } from "./declarative-source-definition/description.ts";
import { destinationDefinition, sourceDefinition } from "./definition/description.ts";
import type { KindDescription } from "./describe.ts";
import { kindNames, kindOf, type KindName, type Section } from "./names.ts";
import { permission } from "./permission/description.ts";
import { region } from "./region/description.ts";
import { tag } from "./tag/description.ts";
import { workspace } from "./workspace/description.ts";

/** Every kind's description, by its name in the state. */
export const descriptions = {
  source,
  destination,
  connection,
  workspace,
  tag,
  "source-definition": sourceDefinition,
  "destination-definition": destinationDefinition,
  "declarative-source-definition": declarativeSourceDefinition,
  permission,
  application,
  region,
} satisfies { [K in KindName]: KindDescription & { kind: K } };

export function descriptionOf(section: Section): KindDescription {
  return descriptions[kindOf(section)];
}

/** The kinds so that what others refer to comes before them. */
export const inOrder: readonly KindName[] = ordered();

function ordered(): KindName[] {
  const done = new Set<KindName>();
  const add = (kind: KindName) => {
    for (const { refersTo } of Object.values<KindDescription["fields"][string]>(descriptions[kind].fields)) {
      for (const other of refersTo?.kinds ?? []) if (!done.has(other)) add(other);
    }
    done.add(kind);
  };
  for (const kind of kindNames) if (!done.has(kind)) add(kind);
  return [...done];
}
