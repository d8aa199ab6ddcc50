// Rules for what is in Airbyte.
import { map, type Resource } from "./resource.ts";

const actors = ["pulumi-nodejs:dynamic/airbyte:Source", "pulumi-nodejs:dynamic/airbyte:Destination"];

const secretKey =
  /passw(or)?d|passphrase|pwd|secret|token|api_?key|(private|access|account|sas|shared|encryption|host|ssh)_?key|credential|service_account|connection_string/i;
/** Keys that only speak about a secret: where it is had, of which kind it is, when it ends. */
const aboutSecret =
  /(url|uri|endpoint|host|type|method|mode|strategy|title|name|expir\w*|date|path|prefix|length|field)$/i;

const secretValue = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /"private_key"\s*:/, // a service account's file
  /^(AKIA|ASIA)[A-Z0-9]{16}$/,
  /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*$/, // a JSON Web Token
  /^(gh[pousr]_|github_pat_|glpat-|xox[abposr]-|sk_live_|rk_live_|sk-)[\w-]{8,}/,
  /^[a-z][\w+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i, // an address with a password in it
];

/** Whether a value of a connector's configuration looks like a secret, by its key or by itself. */
export function looksSecret(key: string, value: string): boolean {
  // Empty, Airbyte's mask, and the marker for "keep what Airbyte has" say nothing.
  if (value === "" || /^\*+$/.test(value) || value === "${stored}") return false;
  return (secretKey.test(key) && !aboutSecret.test(key)) || secretValue.some((pattern) => pattern.test(value));
}

/** How secrets are told from plain values, and made. */
interface Sealing {
  isSecret(value: unknown): boolean;
  seal(value: string): unknown;
}

/**
 * Makes secrets of the plain values that look like secrets in a source's or a destination's configuration.
 *
 * @returns the inputs with these values sealed, and their paths; undefined where there are none
 */
export function sealSecrets(
  { type, props }: Pick<Resource, "type" | "props">,
  sealing: Sealing,
): { props: Record<string, unknown>; paths: string[] } | undefined {
  if (!actors.includes(type)) return undefined;
  const paths: string[] = [];
  const configuration = walk(props.configuration, "configuration", "", sealing, paths);
  return paths.length > 0 ? { props: { ...props, configuration }, paths } : undefined;
}

function walk(value: unknown, path: string, key: string, sealing: Sealing, paths: string[]): unknown {
  if (sealing.isSecret(value)) return value;
  if (typeof value === "string") {
    if (!looksSecret(key, value)) return value;
    paths.push(path);
    return sealing.seal(value);
  }
  if (Array.isArray(value)) return value.map((item, index) => walk(item, `${path}[${index}]`, key, sealing, paths));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, walk(inner, `${path}.${name}`, name, sealing, paths)] as const),
  );
}

const connection = "pulumi-nodejs:dynamic/airbyte:Connection";

/**
 * Connections that sync more often than hourly: more than once in an hour of their Quartz schedule.
 *
 * @param allowed names (in the program) of those that may
 */
export function frequentSyncs({ type, name, props }: Resource, allowed: readonly string[] = []): string[] {
  if (type !== connection || allowed.includes(name) || props.status === "inactive") return [];
  const { scheduleType, cronExpression } = map(props.schedule);
  if (scheduleType !== "cron" || typeof cronExpression !== "string") return [];
  const times = timesAnHour(cronExpression);
  if (times === undefined || times <= 1) return [];
  return [
    `syncs ${times} times an hour (${cronExpression}), and every sync costs: take a rarer schedule, ` +
      `or name the connection in the policy's configuration (allowFrequentSyncs)`,
  ];
}

/** How often a Quartz expression fires within an hour in which it fires; undefined where it is none (the provider says so). */
export function timesAnHour(expression: string): number | undefined {
  const [seconds, minutes] = expression.trim().split(/\s+/).map(countOfSixty);
  return seconds === undefined || minutes === undefined ? undefined : seconds * minutes;
}

/** How many of 0 to 59 a field of an expression means. */
function countOfSixty(field: string): number | undefined {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [, from, to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === undefined || step === "0") return undefined;
    const first = from === "*" ? 0 : Number(from);
    // `5/20` means from 5 on; `50-10` goes over the full hour.
    const last = to !== undefined ? Number(to) : from === "*" || step !== undefined ? 59 : first;
    if (first > 59 || last > 59) return undefined;
    const end = last < first ? last + 60 : last;
    for (let value = first; value <= end; value += Number(step ?? 1)) values.add(value % 60);
  }
  return values.size;
}
