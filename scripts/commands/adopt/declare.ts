import { ofEachSection } from "../../../providers/airbyte/kinds/names.ts";
import type { Connection } from "../../../providers/airbyte/api/types.ts";
import { declareActor } from "./declare-actor.ts";
import { declareConnection } from "./declare-connection.ts";
import { declareObject } from "./declare-object.ts";
import { leaveOutInexpressible } from "./expressible.ts";
import type { Made, Making } from "./making.ts";
import { ORDER, type Declared, type Entry, type Found, type LeftOut } from "./model.ts";
import { compare } from "./names.ts";
import type { Secrets } from "./secrets.ts";

/** Declares objects that have their names; in the order of kinds and names. */
export async function declareAll(objects: readonly Found[], making: Making): Promise<Declared> {
  const entries: Entry[] = [];
  const leftOut: LeftOut[] = [];
  const byKind = ofEachSection((kind) => objects.filter((found) => found.kind === kind));
  // Ends before connections: those of one that is left out are named by their ids.
  for (const kind of ORDER) {
    const nameOf = ({ id }: Found) => making.names.of(kind, id) ?? id;
    for (const found of byKind[kind].sort((a, b) => compare(nameOf(a), nameOf(b)))) {
      const { id, display } = found;
      const made = await declare(found, nameOf(found), making);
      const entry: Entry | undefined = "why" in made ? undefined : { kind, id, name: nameOf(found), ...made };
      const why = entry ? leaveOutInexpressible(entry) : (made as { why: string }).why;
      if (entry && why === undefined) entries.push(entry);
      else {
        leftOut.push({ kind, id, display, why: why ?? "" });
        making.names.delete(kind, id);
      }
    }
  }
  return { entries, leftOut, secrets: usedSecrets(entries, making.secrets) };
}

function declare(found: Found, name: string, making: Making): Promise<Made> | Made {
  if (found.kind === "sources" || found.kind === "destinations") return declareActor(found, name, making);
  if (found.kind === "connections") return declareConnection(found as Found<Connection>, name, making);
  return declareObject(found, name, making);
}

function usedSecrets(entries: readonly Entry[], secrets: Secrets): Declared["secrets"] {
  const used = new Set<unknown>();
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    used.add(value);
    Object.values(value).forEach(walk);
  };
  for (const { settings } of entries) walk(settings);
  return secrets.all.filter((secret) => used.has(secret));
}
