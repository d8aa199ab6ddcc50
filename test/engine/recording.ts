import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** What a version left in a project's folder. */
export interface Recording {
  about: string;
  /** By path in the folder; of `.json` and `.jsonl` what they hold. */
  files: Record<string, unknown>;
}

/** What differs from one laying down to the next, by its name: `@port@` in a recording stands for `port`. */
export type Gaps = Record<string, string | number>;

/** Given a version, the tests first record what it leaves: see CONTRIBUTING.md. */
export const RECORDED_AS = process.env.RECORD;

const FIXTURES = join(import.meta.dirname, "fixtures");
export const STATE = ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi/dev.json";

export function fixture(version: string, name: string): string {
  return join(FIXTURES, version, `${name}.json`);
}

/** The versions that left a recording of this name. */
export function versionsOf(name: string): string[] {
  return readdirSync(FIXTURES).filter((version) => existsSync(fixture(version, name)));
}

export function readRecording(version: string, name: string): Recording {
  return JSON.parse(readFileSync(fixture(version, name), "utf8")) as Recording;
}

/** Lays the files down in a folder as they were left there. */
export function layDown({ files }: Recording, folder: string, gaps: Gaps): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, asText(path, filled(content, gaps)), { mode: 0o600 });
  }
}

function asText(path: string, content: unknown): string {
  if (path.endsWith(".json")) return JSON.stringify(content);
  if (path.endsWith(".jsonl")) return (content as unknown[]).map((line) => `${JSON.stringify(line)}\n`).join("");
  return content as string;
}

function filled(content: unknown, gaps: Gaps): unknown {
  return strings(content, (text) => {
    const whole = gaps[/^@(\w+)@$/.exec(text)?.[1] ?? ""];
    if (whole !== undefined) return whole;
    return Object.entries(gaps).reduce((rest, [name, value]) => rest.replaceAll(`@${name}@`, String(value)), text);
  });
}

/**
 * Keeps what is in a project's folder, but for logs and what stands in `gaps`.
 *
 * @param made.shown its state as `pulumi stack export --show-secrets` has it
 * @param made.state the file of the state
 * @param made.program files of a program of the user's own
 */
export function record(
  version: string,
  name: string,
  made: { folder: string; gaps: Gaps; shown: object; state?: string; program?: string[] },
): void {
  const { folder, gaps, shown, state = STATE, program = [] } = made;
  const kept = ["Pulumi.dev.yaml", ...program, "pipelines.yaml", "shop.yaml", ".airbyte", state, "airbyte"];
  const places = kept.filter((path) => existsSync(join(folder, path))).flatMap((path) => filesAt(folder, path));
  const files = places
    .filter((path) => !isLeftOut(path))
    .map((path) => {
      const content = read(folder, path);
      return [path, opened(path === state ? keptState(content as Checkpoint, shown, gaps) : content, gaps)] as const;
    });
  const about = `What version ${version} left in a project's folder; see CONTRIBUTING.md.`;
  const file = fixture(version, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ about, files: Object.fromEntries(files) })}\n`);
}

function filesAt(folder: string, path: string): string[] {
  if (statSync(join(folder, path)).isFile()) return [path];
  const entries = readdirSync(join(folder, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Logs, and the keys for SSH, which are made anew from the root secret. */
function isLeftOut(path: string): boolean {
  return /\.log$|\/ssh\//.test(path);
}

function read(folder: string, path: string): unknown {
  const text = readFileSync(join(folder, path), "utf8");
  if (path.endsWith(".json")) return JSON.parse(text);
  if (!path.endsWith(".jsonl")) return text;
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

interface Checkpoint {
  checkpoint: { latest: object };
}

/** A state in which what is encrypted is in plain where it holds a gap, a certificate is never due, and no place in the code is named. */
function keptState({ checkpoint, ...rest }: Checkpoint, shown: object, gaps: Gaps): unknown {
  const latest = withGaps(checkpoint.latest, shown, (text) => opened(text, gaps) !== text);
  const state = { ...rest, checkpoint: { ...checkpoint, latest } };
  const changed: Record<string, unknown> = {
    renewAfter: "@renewAfter@",
    sourcePosition: undefined,
    stackTrace: undefined,
  };
  return JSON.parse(JSON.stringify(state, (key, value: unknown) => (key in changed ? changed[key] : value)));
}

function withGaps(encrypted: unknown, shown: unknown, holdsGap: (text: string) => boolean): unknown {
  if (typeof encrypted !== "object" || encrypted === null) return encrypted;
  const plain = (shown as { plaintext?: string }).plaintext;
  if (typeof plain === "string") return holdsGap(plain) ? shown : encrypted;
  const inside = (key: string, value: unknown) => withGaps(value, (shown as Record<string, unknown>)[key], holdsGap);
  if (Array.isArray(encrypted)) return encrypted.map((item, index) => inside(String(index), item));
  return Object.fromEntries(Object.entries(encrypted).map(([key, value]) => [key, inside(key, value)]));
}

/** Puts the names of the gaps in the place of what fills them. */
function opened(content: unknown, gaps: Gaps): unknown {
  const given = Object.entries(gaps);
  // A number is one by itself: four digits of a port may stand in an id too.
  const pattern = (value: string | number) =>
    new RegExp(`(?<![\\w-])${String(value).replaceAll(".", "\\.")}(?![\\w-])`, "g");
  const inText = (text: string) =>
    given.reduce((rest, [name, value]) => rest.replace(pattern(value), `@${name}@`), text);
  const inNumber = (value: number) => {
    const found = given.find(([, other]) => other === value);
    return found ? `@${found[0]}@` : value;
  };
  return strings(content, inText, inNumber);
}

/** The same with each text, and each number, in another form; keys stay. */
function strings(
  value: unknown,
  text: (text: string) => unknown,
  number: (number: number) => unknown = (same) => same,
): unknown {
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return value.map((item) => strings(item, text, number));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, strings(inner, text, number)]));
}
