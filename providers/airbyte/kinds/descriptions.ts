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

/** The kinds so that what others refer to comes before them, and those that nobody refers to at the end. */
export const inOrder: readonly KindName[] = ordered();

function ordered(): KindName[] {
  const isReferredTo = (kind: KindName) => kindNames.some((other) => referredBy(other).includes(kind));
  const depth = (kind: KindName): number => Math.max(0, ...referredBy(kind).map((other) => depth(other) + 1));
  const basis = kindNames.filter(isReferredTo).sort((one, other) => depth(one) - depth(other));
  return [...basis, ...kindNames.filter((kind) => !isReferredTo(kind))];
}

function referredBy(kind: KindName): readonly KindName[] {
  const fields: KindDescription["fields"] = descriptions[kind].fields;
  return Object.values(fields).flatMap(({ refersTo }) => refersTo?.kinds ?? []);
}
