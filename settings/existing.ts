import { z } from "zod";
import { formatPath, pulumiCommand, UserError } from "../errors/user-error.ts";
import { check, isIssues } from "../errors/zod-issues.ts";
import { flag, meant, mistake, parseMap, text, type Rule, type Setting } from "./setting.ts";
import { ALLOW_PLAIN_HTTP, isPlainHttp, parseAddress, plainHttpMistake } from "./values.ts";

const address = text.superRefine((value, context) => {
  const wrong = addressMistake(value);
  if (wrong !== undefined) context.addIssue(wrong);
});

const auths = ["application", "bearer", "basic", "none"] as const;

/** How the provider signs in at an existing Airbyte (`auth`). */
export type Auth = (typeof auths)[number];

/** Which settings each way to sign in needs. */
const authKeys = {
  application: ["clientId", "clientSecret"],
  bearer: ["bearerToken"],
  basic: ["basicUsername", "basicPassword"],
  none: [],
} satisfies Record<Auth, readonly string[]>;

/** Airbyte Cloud, or any Airbyte that already runs. */
export const existingSettings = {
  url: {
    about:
      "Address of Airbyte, such as https://airbyte.example.com or https://api.airbyte.com. In a cluster: where your ingress answers, by https.",
    example: "https://airbyte.example.com",
    in: {
      existing: address.optional(),
      kubernetes: address.refine(isPrivate, "expected https://; Airbyte's tokens and secrets go over it"),
    },
  },
  platform: {
    about:
      "In place of url: a stack of this project whose Airbyte it is. npm run connect -- --from STACK sets all that is needed.",
    example: "STACK",
    in: { existing: text.optional() },
  },
  auth: {
    about:
      "How to sign in: application (clientId and clientSecret), bearer (bearerToken), basic (basicUsername and basicPassword), or none. Default: application.",
    example: "application",
    in: { existing: z.enum(auths).default("application") },
  },
  clientId: {
    about: "Client id of an application of Airbyte (its settings, Applications).",
    example: "ID",
    in: { existing: text.optional() },
  },
  clientSecret: {
    about: "Its client secret.",
    example: "",
    secret: true,
    in: { existing: text.optional() },
  },
  tokenUrl: {
    about: "Where tokens are fetched, where it isn't the API's own /applications/token.",
    example: "https://airbyte.example.com/oauth/token",
    in: { existing: text.optional() },
  },
  tokenBody: {
    about: "How the token call is encoded: json or form. Default: json.",
    example: "form",
    in: { existing: z.enum(["json", "form"]).optional() },
  },
  bearerToken: {
    about: "A token that somebody else renews.",
    example: "",
    secret: true,
    in: { existing: text.optional() },
  },
  basicUsername: {
    about: "User for Basic authentication, as the proxy of old Airbytes asks for it.",
    example: "airbyte",
    in: { existing: text.optional() },
  },
  basicPassword: {
    about: "Its password.",
    example: "",
    secret: true,
    in: { existing: text.optional() },
  },
  api: {
    about: "public, or config for servers that have the older API alone. Default: found out by asking.",
    example: "config",
    in: { existing: z.enum(["public", "config"]).optional() },
  },
  apiRoot: {
    about: "Root of the API, where it can't be worked out from url.",
    example: "https://airbyte.example.com/api/v1",
    in: { existing: text.optional() },
  },
  [ALLOW_PLAIN_HTTP]: {
    about:
      "true: url, tokenUrl and apiRoot may be http:// beyond this machine, where credentials can be read on the way. Default: false.",
    example: "true",
    in: { existing: flag },
  },
} satisfies Record<string, Setting>;

/** What a person needs to get into an Airbyte that is there: settings of the stack, or values of a profile (`profiles.NAME`). */
export const signInKeys = [
  "clientId",
  "clientSecret",
  "tokenUrl",
  "tokenBody",
  "bearerToken",
  "basicUsername",
  "basicPassword",
  "caCertificate",
  ALLOW_PLAIN_HTTP,
] as const;

/** The same as the stack's configuration gives it, unchecked: as text. */
export type SignIn = Partial<
  Record<(typeof signInKeys)[number], string> & { tokenBody: "json" | "form"; allowPlainHttp: "true" | "false" }
>;

const profiles = z.record(z.string(), z.looseObject({}));

/**
 * What signs in at several Airbytes, by name. No setting of this project: programs of users' own have them.
 *
 * @param given the stack's `profiles`
 * @throws UserError where it is no map of maps
 */
export function readProfiles(given = "{}"): Record<string, SignIn> {
  const value = check(profiles, parseMap(given), () => "something else");
  if (!isIssues(value)) return value;
  const path = formatPath(["profiles", ...(value[0]?.path ?? [])]);
  const next = pulumiCommand("config set --path profiles.NAME.clientId ID");
  throw new UserError(value[0]?.text ?? "", { code: "configuration", place: path, next });
}

export const existingRules: Rule[] = [
  function oneAddress(value) {
    const [url, platform] = [value("url"), value("platform")];
    if (url === undefined && platform === undefined) return [mistake("url", "is missing; expected text")];
    if (url === undefined || platform === undefined) return [];
    return [mistake("platform", "is given beside url; Airbyte is at one of them")];
  },

  /** Each way of signing in needs settings of its own, and takes none of another's. */
  function signIn(value) {
    const ways = Object.entries<readonly string[]>(authKeys);
    const [begun] = ways.find(([, keys]) => keys.some((key) => value(key) !== undefined)) ?? [];
    const auth = meant(auths, value("auth") ?? "application") ?? begun;
    if (auth === undefined) return [];
    const wanted: readonly string[] = authKeys[auth as Auth];
    return ways.flatMap(([way, keys]) =>
      keys.flatMap((key) => {
        const isGiven = value(key) !== undefined;
        if (isGiven === wanted.includes(key)) return [];
        if (!isGiven) return [mistake(key, "is missing; expected text")];
        const remedy = `${pulumiCommand(`config rm ${key}`)}, or ${pulumiCommand(`config set auth ${way}`)}`;
        return [mistake(key, `is no setting of auth ${auth}`, remedy)];
      }),
    );
  },

  /** Credentials and configurations go to these addresses; the client refuses them too, this tells it with the other mistakes. */
  function encrypted(value) {
    if (value(ALLOW_PLAIN_HTTP) === "true") return [];
    const plain = ["url", "tokenUrl", "apiRoot"].filter((key) => isPlainHttp(String(value(key))));
    return plain.map((key) => mistake(key, plainHttpMistake));
  },
];

function addressMistake(value: string): string | undefined {
  const url = parseAddress(value);
  if (!url || /\s/.test(value)) return "expected the address of an Airbyte, such as https://airbyte.example.com";
  if (url.username !== "" || url.password !== "")
    return "holds a user or a password; give clientId and clientSecret instead";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "expected an address with http:// or https://";
  if (url.search !== "" || url.hash !== "") return "expected an address without ? and #";
  return undefined;
}

/** Encrypted on its way, or not leaving the machine (as by `kubectl port-forward`). What is no address is told of otherwise. */
function isPrivate(value: string): boolean {
  return !isPlainHttp(parseAddress(value)?.href ?? "");
}
