// What declarations are made with, secrets of the stack among it.
import { isMap } from "../../../declaration/walk.ts";
import { isNonSecretKey, passwordsIn } from "../../../providers/airbyte/api/redact.ts";
import type { Json, JsonObject } from "../../../providers/airbyte/api/types.ts";
import { isObject, MASK } from "../../../providers/airbyte/lifecycle/canonical.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import { secrecyOf, type Specification } from "../../../providers/airbyte/specification/schema.ts";
import { settingKeys } from "../../../settings/settings.ts";
import { free, Secret, type Entry, type Names } from "./model.ts";

/** What a declaration is made with. */
export interface Making {
  airbyte: Pick<Context, "api" | "connectors">;
  /** The workspace of entries that name none. */
  stackWorkspaceId: string;
  names: Names;
  secrets: Secrets;
  /** Configurations that show secrets in plain, by the object's id. */
  known: ReadonlyMap<string, Json>;
}

/** Settings and notes of an entry, or why there is none. */
export type Made = Pick<Entry, "settings" | "notes"> | { why: string };

/** Where an entry says that it is: nothing in the stack's own workspace, unless that one is declared too. */
export function placeOf(workspaceId: string, { names, stackWorkspaceId }: Making): Record<string, unknown> {
  const workspace = names.of("workspaces", workspaceId);
  if (workspace !== undefined) return { workspace };
  return workspaceId === stackWorkspaceId || workspaceId === "" ? {} : { workspaceId };
}

/** The name in Airbyte, where it isn't the entry's. */
export function nameIn(display: string, name: string): Record<string, unknown> {
  return display === name ? {} : { name: display };
}

/** Airbyte shows what isn't set as null. */
export function withoutNulls(object: object): Record<string, unknown> {
  const entries = Object.entries(object).filter(([, value]) => value !== null && value !== undefined);
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return isMap(value) ? withoutNulls(value) : value;
  };
  return Object.fromEntries(entries.map(([key, value]) => [key, inner(value)]));
}

/** The secrets of a file that is being made, each under a name that the stack has no use for yet. */
export class Secrets {
  readonly #all: Secret[] = [];
  readonly #taken: Set<string>;

  /** @param keys what the stack's configuration holds already */
  constructor(keys: readonly string[]) {
    this.#taken = new Set([...settingKeys, ...keys].map(plain));
  }

  get all(): readonly Secret[] {
    return this.#all;
  }

  /** A secret for `key` in the settings of the entry `name`: `warehousePassword`. */
  add(name: string, key: string, value: string | undefined): Secret {
    const words = `${name} ${key}`.normalize("NFKD").match(/[A-Za-z0-9]+/g) ?? [];
    const camel = words.map((word, index) => (index === 0 ? lowerFirst(word) : word[0]?.toUpperCase() + word.slice(1)));
    const wish = camel.join("").replace(/^(?=\d|$)/, "secret");
    const secret = new Secret(
      free(wish, (candidate) => this.#taken.has(plain(candidate)), ""),
      value,
    );
    this.#taken.add(plain(secret.name));
    this.#all.push(secret);
    return secret;
  }
}

// A key that differs from a setting in its spelling only is taken for that one.
function plain(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function lowerFirst(word: string): string {
  return (word[0] ?? "").toLowerCase() + word.slice(1);
}

/**
 * A configuration with secrets in place of what is one: what Airbyte masks, what the state would seal although Airbyte shows
 * it, and addresses with a password in them.
 *
 * @param known another view of the same configuration, which shows secrets in plain
 */
export function hideSecrets(
  configuration: JsonObject,
  {
    specification,
    known,
    secret,
  }: {
    specification: Specification | undefined;
    known: Json | undefined;
    secret: (key: string, value: string | undefined) => Secret;
  },
): Record<string, unknown> {
  const isSecret = (text: string, path: (string | number)[], key: string) => {
    const secrecy = specification ? secrecyOf(specification.schema, configuration, path) : "unknown";
    return secrecy === "secret" || (secrecy !== "plain" && !isNonSecretKey(key)) || passwordsIn(text).length > 0;
  };
  const hide = (value: Json, path: (string | number)[], key: string): unknown => {
    if (value === MASK) return secret(key, textAt(known, path));
    if (typeof value === "string") return value !== "" && isSecret(value, path, key) ? secret(key, value) : value;
    if (Array.isArray(value)) return value.map((item, index) => hide(item, [...path, index], key));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hide(item, [...path, name], name)]));
  };
  return hide(configuration, [], "") as Record<string, unknown>;
}

function textAt(known: Json | undefined, path: readonly (string | number)[]): string | undefined {
  let value: unknown = known;
  for (const step of path) value = (value as Record<string | number, unknown> | null | undefined)?.[step];
  return typeof value === "string" && value !== "" && value !== MASK ? value : undefined;
}
