import { settingKeys } from "../../../settings/settings.ts";
import { isNonSecretKey, passwordsIn } from "../../../providers/airbyte/api/redact.ts";
import type { Json, JsonObject } from "../../../providers/airbyte/api/types.ts";
import { isObject, MASK } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { secrecyOf, type Specification } from "../../../providers/airbyte/specification/schema.ts";
import { Secret } from "./model.ts";
import { free } from "./names.ts";

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
