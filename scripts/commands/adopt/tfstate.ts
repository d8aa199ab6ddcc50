import { readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../../../errors/user-error.ts";
import type { Json } from "../../../providers/airbyte/api/types.ts";
import type { Section } from "../../../providers/airbyte/kinds/names.ts";

/** What a Terraform state says of an Airbyte's objects. */
interface TerraformState {
  /** The resources' names, by the object's id. */
  names: Map<string, string>;
  /** Configurations with secrets in plain, by the object's id. */
  configurations: Map<string, Json>;
  /** Ids of the workspaces that the objects are in. */
  workspaceIds: string[];
  kinds: Set<Section>;
  /** Addresses of resources that have no counterpart here. */
  unknown: string[];
}

const Instance = z.looseObject({
  index_key: z.union([z.string(), z.number()]).nullish(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
});
const State = z.looseObject({
  version: z.literal(4),
  resources: z.array(
    z.looseObject({
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      module: z.string().nullish(),
      instances: z.array(Instance),
    }),
  ),
});

/** The resources of the official provider: their kinds, and where their ids stand. */
const KINDS: Record<string, { kind: Section; id: string }> = {
  airbyte_workspace: { kind: "workspaces", id: "workspace_id" },
  airbyte_tag: { kind: "tags", id: "tag_id" },
  airbyte_source_definition: { kind: "sourceDefinitions", id: "id" },
  airbyte_destination_definition: { kind: "destinationDefinitions", id: "id" },
  airbyte_declarative_source_definition: { kind: "declarativeSourceDefinitions", id: "id" },
  airbyte_source: { kind: "sources", id: "source_id" },
  airbyte_destination: { kind: "destinations", id: "destination_id" },
  airbyte_connection: { kind: "connections", id: "connection_id" },
  airbyte_permission: { kind: "permissions", id: "permission_id" },
};

/**
 * Reads a state file of Terraform (or OpenTofu) that the provider airbytehq/airbyte has written, also one of its older
 * versions, where each connector was a resource type of its own (`airbyte_source_postgres`).
 *
 * @throws UserError that says what is wrong with the file
 */
export function readTerraformState(file: string): TerraformState {
  const state: TerraformState = {
    names: new Map(),
    configurations: new Map(),
    workspaceIds: [],
    kinds: new Set(),
    unknown: [],
  };
  const places = new Set<string>();
  for (const { mode, type, name, module, instances } of parse(file).resources) {
    if (mode !== "managed" || !type.startsWith("airbyte_")) continue;
    const known = kindOf(type);
    for (const { index_key: index, attributes } of instances) {
      const id = known && attributes?.[known.id];
      if (!known || typeof id !== "string") {
        state.unknown.push([module, type, name].filter(Boolean).join("."));
        continue;
      }
      state.kinds.add(known.kind);
      state.names.set(id, nameOf(module, name, index));
      const configuration = configurationOf(attributes?.configuration);
      if (configuration !== undefined) state.configurations.set(id, configuration);
      if (typeof attributes?.workspace_id === "string") places.add(attributes.workspace_id);
    }
  }
  return { ...state, workspaceIds: [...places].sort() };
}

function parse(file: string): z.infer<typeof State> {
  const state = State.safeParse(readJson(file));
  if (state.success) return state.data;
  throw new UserError(
    `${file} is no Terraform state of version 4. Where the state is kept elsewhere: terraform state pull > FILE (it holds secrets: delete it afterwards).`,
  );
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`${file} can't be read (${String((error as NodeJS.ErrnoException).code)}).`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function kindOf(type: string): { kind: Section; id: string } | undefined {
  const typed = /^airbyte_(source|destination)_/.exec(type)?.[1];
  return KINDS[type] ?? (typed === undefined ? undefined : KINDS[`airbyte_${typed}`]);
}

/** `module.shop["eu"]`, `orders` and `[0]`: `shop-eu-orders-0`. */
function nameOf(module: string | null | undefined, name: string, index: string | number | null | undefined): string {
  const modules = (module ?? "").split(/\.?module\./).filter(Boolean);
  const words = [...modules, name, ...(index === null || index === undefined ? [] : [String(index)])];
  return (
    words
      .join("-")
      .match(/[\p{L}\p{M}\p{N}_]+/gu)
      ?.join("-") ?? name
  );
}

/** JSON as text (1.x), or a nested object (the older, typed resources). */
function configurationOf(value: unknown): Json | undefined {
  if (typeof value !== "string") return value as Json | undefined;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}
