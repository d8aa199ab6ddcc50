import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { workspacesOnce, type ActorKind } from "../providers/airbyte/api/airbyte-api.ts";
import { showValue } from "../errors/zod-issues.ts";
import { AirbyteError } from "../providers/airbyte/api/errors.ts";
import type { JsonObject } from "../providers/airbyte/api/types.ts";
import { inputKey, type KindDescription } from "../providers/airbyte/kinds/describe.ts";
import { descriptions, inOrder } from "../providers/airbyte/kinds/descriptions.ts";
import { sectionOf, type KindName } from "../providers/airbyte/kinds/names.ts";
import { isObject, UNKNOWN } from "../providers/airbyte/lifecycle/canonical.ts";
import { readExamined, writeExamined } from "../providers/airbyte/lifecycle/examined.ts";
import type { CommonInputs, Context, Handler } from "../providers/airbyte/lifecycle/handler.ts";
import { first } from "../providers/airbyte/first.ts";
import { commonInputs, programSession } from "../providers/airbyte/program-session.ts";
import { streamNames } from "../providers/airbyte/lifecycle/manifests.ts";
import type { Session } from "../providers/airbyte/session.ts";
import { Connectors, type ConnectorSource } from "../providers/airbyte/specification/connectors.ts";
import { engineAddress, isMocked } from "../providers/this-run.ts";
import type { Values } from "../settings/values.ts";
import { join, linked, revealed, withPlace, type Pipelines } from "./declare.ts";
import { load, type Loaded } from "./load.ts";
import { References } from "./references.ts";
import { mapStrings } from "./walk.ts";

/** The Airbyte that declarations are examined against. */
export interface ExaminedAirbyte {
  /** Its address; undefined where only the run itself will know it. Then the provider alone examines. */
  url: string | undefined;
  /** Name of its credentials in the stack's configuration, where a program uses several Airbytes. */
  profile?: string | undefined;
  /** The workspace of entries that name none; undefined for the only one that there is. */
  workspaceId?: string | undefined;
  /** Whether it was there before this stack: then it must answer, and a run ends here where it doesn't. */
  isThere?: boolean;
  /** What its connectors are, for as long as it isn't there to be asked. */
  connectors?: (() => Promise<ConnectorSource>) | undefined;
}

/**
 * Reads and checks the files as `loadPipelines` does, and examines what only the Airbyte and its connectors know: connectors' names and
 * settings, streams and what can be done with them, what this Airbyte offers. Nothing is registered yet. What was found right by an earlier
 * run and hasn't changed isn't examined again. In a test with mocks, the files alone are checked.
 *
 * @param mainFile relative to `projectDir`
 * @param values what `${secret:NAME}` and `${config:NAME}` stand for: usually `stackValues()`
 * @throws ConfigurationError with every mistake of all files: file, line, path and the nearest valid name
 * @throws RunError where the Airbyte refuses the stack's credentials, or doesn't answer and should
 */
export async function examinePipelines(
  projectDir: string,
  mainFile: string,
  values: Values,
  airbyte: ExaminedAirbyte,
): Promise<Pipelines> {
  const references = new References(values, join, first);
  const loaded = load(projectDir, mainFile, references);
  if (airbyte.url !== undefined && !isMocked()) await examine(loaded, references, { ...airbyte, url: airbyte.url });
  loaded.mistakes.throwIfAny();
  return revealed(loaded.declarations, references);
}

interface Entry {
  kind: KindName;
  name: string;
  /** Its settings, as far as they are right; secrets are tokens. */
  settings: Record<string, unknown>;
  /** Of all that its examination depends on. */
  digest: string;
}

async function examine(loaded: Loaded, references: References, airbyte: ExaminedAirbyte & { url: string }) {
  const session = await programSession();
  const common = (name?: string) => commonInputs(airbyte.url, airbyte.profile, name);
  const folder = session.stackFolder(common());
  const earlier = readExamined(folder);
  const entries = entriesOf(loaded, references, airbyte.url);
  const known = new Set(earlier?.passed);
  const left = entries.filter(({ digest }) => !known.has(digest));
  const engine = engineAddress();
  if (left.length === 0 && earlier?.passed.length === entries.length && earlier.engine === engine) return;

  if (left.length > 0) await demandEntry(loaded, session, common(), airbyte);
  const context = left.length === 0 ? undefined : await openContext(session, common(), airbyte);
  const passed = new Set(entries.filter(({ digest }) => known.has(digest)).map(({ digest }) => digest));
  if (context) {
    const secrets = await settled(references.sealed);
    const examiner = new Examiner(loaded, context, airbyte, secrets);
    await examiner.findEnds(entries.filter(({ digest }) => passed.has(digest)));
    const examined = left.map(async (entry) => {
      const plain = mapStrings(entry.settings, [], (text) => references.reveal(text, secrets)) as Entry["settings"];
      session.keepSecrets(plain);
      if (await examiner.look(entry, plain, common(entry.name))) passed.add(entry.digest);
    });
    await Promise.all(examined);
    examiner.tellWhatWasLeft();
  }
  const offers = context?.discovery?.found() ?? {};
  if (loaded.mistakes.size === 0) writeExamined(folder, { engine, offers, passed: [...passed] });
}

/** Ends the run here, before the same is met by every resource. What the run itself may mend, the provider judges. */
async function demandEntry(loaded: Loaded, session: Session, common: CommonInputs, { isThere }: ExaminedAirbyte) {
  if (!isThere) return;
  const shut = await session.whyShut(common);
  if (!(shut instanceof AirbyteError)) return;
  loaded.mistakes.throwIfAny();
  throw new pulumi.RunError(shut.message);
}

function entriesOf({ declarations }: Loaded, references: References, url: string): Entry[] {
  const all = inOrder.flatMap((kind) =>
    Object.entries<Record<string, unknown>>(declarations[sectionOf(kind)]).map(([name, settings]) => ({
      kind,
      name,
      settings,
    })),
  );
  // Those that others refer to come first, so the digests of what an entry refers to are there.
  const digests = new Map<string, string>();
  return all.map(({ kind, name, settings }) => {
    const refersTo = linked(
      descriptions[kind],
      settings,
      (kinds, other) => kinds.map((one) => digests.get(`${one} ${other}`)),
      (key) => key,
    );
    const text = JSON.stringify([url, kind, name, refersTo]);
    const digest = createHash("sha256").update(references.inWords(text)).digest("base64url");
    digests.set(`${kind} ${name}`, digest);
    return { kind, name, settings, digest };
  });
}

/** What an examination asks. Where the Airbyte isn't there yet, only its connectors can be. */
type Asked = Pick<Context, "connectors" | "log"> & Partial<Context>;

async function openContext(
  session: Session,
  common: CommonInputs,
  airbyte: ExaminedAirbyte,
): Promise<Asked | undefined> {
  const log = () => undefined; // The provider tells what is no mistake.
  if (airbyte.connectors) return { connectors: new Connectors(await airbyte.connectors()), log };
  // One that the stack makes itself, and that has nothing of the stack yet, may still have to be made.
  if (!airbyte.isThere && !session.intents(common).isUsed) return undefined;
  try {
    return { ...(await session.context(common)), log };
  } catch {
    return undefined; // The provider meets the same, and tells it.
  }
}

/** Looks at entries one by one, and notes their mistakes where they stand. */
class Examiner {
  readonly #loaded: Loaded;
  readonly #asked: Asked;
  readonly #airbyte: ExaminedAirbyte;
  /** How a message would quote them. */
  readonly #secrets: readonly string[];
  /** Ids of objects by kind and logical name. */
  readonly #ids = new Map<string, string>();
  readonly #withoutSource: string[] = [];

  constructor(loaded: Loaded, asked: Asked, airbyte: ExaminedAirbyte, secrets: readonly unknown[]) {
    this.#loaded = loaded;
    this.#asked = asked;
    this.#airbyte = airbyte;
    this.#secrets = secrets.filter((secret) => typeof secret === "string").map(showValue);
  }

  /**
   * Finds the sources and destinations that are as they are declared: by the journal of this machine, else by their names. Of one that
   * this run changes nobody can tell yet what it will offer.
   */
  async findEnds(unchanged: readonly Entry[]): Promise<void> {
    const { intents } = this.#asked;
    const byName: Entry[] = [];
    for (const entry of unchanged) {
      const [declaredAs, ...declaredBefore] = [entry.name, ...((entry.settings.renamedFrom as string[]) ?? [])].map(
        (name) => `${pulumi.getStack()}/${name}`,
      );
      intents?.renamed(entry.kind, { declaredAs: declaredAs!, declaredBefore });
      const made = intents?.madeFor(entry.kind, declaredAs!);
      if (made?.id !== undefined) this.#ids.set(`${entry.kind} ${entry.name}`, made.id);
      else if (entry.kind === "source" || entry.kind === "destination") byName.push(entry);
    }
    await Promise.all((["source", "destination"] as const).map((kind) => this.#findByName(kind, byName)));
  }

  async #findByName(kind: ActorKind, entries: readonly Entry[]): Promise<void> {
    const wanted = entries.filter((entry) => entry.kind === kind);
    const { api } = this.#asked;
    if (!api || wanted.length === 0) return;
    try {
      const workspaceId = this.#airbyte.workspaceId ?? (await workspacesOnce(api))[0]?.workspaceId;
      const listed = workspaceId === undefined ? [] : await api.listActors(kind, workspaceId);
      for (const { name, settings } of wanted) {
        const found = listed.filter((actor) => actor.name === (settings.name ?? name));
        if (found.length === 1 && found[0]) this.#ids.set(`${kind} ${name}`, found[0].id);
      }
    } catch {
      // Then what they offer isn't known.
    }
  }

  /** Whether nothing is wrong, and all could be looked at. */
  async look({ kind, name }: Entry, declared: Record<string, unknown>, common: CommonInputs): Promise<boolean> {
    const { handlers } = await import("../providers/airbyte/kinds/handlers.ts");
    const handler = handlers[kind] as unknown as Handler<CommonInputs>;
    if (!handler.examine) return true;
    // Without an Airbyte only connectors can be asked.
    const canAsk = this.#asked.api !== undefined || kind === "source" || kind === "destination";
    const description: KindDescription = descriptions[kind];
    const settings = withPlace(description, declared, this.#loaded.declarations);
    const resolve = (kinds: readonly KindName[], other: string) => this.#idOf(kinds, other);
    const inputs: Record<string, unknown> = {
      workspaceId: this.#airbyte.workspaceId ?? (this.#asked.api ? UNKNOWN : ""),
      ...linked(description, settings, resolve, inputKey),
      ...common,
    };
    Object.assign(inputs, handler.prepare?.(inputs as never));
    try {
      const found = canAsk ? (await handler.examine(inputs as never, this.#asked as Context)).mistakes : [];
      const byManifest = await this.#byManifest(kind, inputs, settings);
      const mistakes = [...found, ...(byManifest ?? [])];
      const isBlind = inputs.sourceId === UNKNOWN && inputs.streams !== undefined;
      if (isBlind && byManifest === undefined) this.#withoutSource.push(name);
      for (const { path, text } of mistakes) {
        const told = this.#secrets.reduce((words, secret) => words.replaceAll(secret, "a secret"), text);
        this.#loaded.report(sectionOf(kind), name, inFile(description, settings, path), told);
      }
      return canAsk && mistakes.length === 0 && !isBlind;
    } catch (error) {
      if (error instanceof AirbyteError && error.code === "credentials") throw new pulumi.RunError(error.message);
      return false; // The provider meets it too, and tells it.
    }
  }

  /** What the manifest that the same files declare says of a source, or of streams; undefined where there is none, or it doesn't say. */
  async #byManifest(kind: KindName, inputs: object, { definition, source, configuration }: Record<string, unknown>) {
    const { declarations } = this.#loaded;
    const { [String(source)]: end = { definition } } = declarations.sources;
    const own = typeof end.definition === "string" ? end.definition : "";
    const manifest = declarations.declarativeSourceDefinitions[own]?.manifest as JsonObject | undefined;
    if (!manifest || (kind !== "source" && kind !== "connection")) return undefined;
    if (kind === "connection") {
      const { nameIssues } = await import("../providers/airbyte/kinds/connection/stream-issues.ts");
      const names = streamNames(manifest);
      return names && nameIssues(inputs as never, names);
    }
    const { spec } = manifest;
    const schema = isObject(spec) ? spec.connection_specification : undefined;
    if (!isObject(schema) || !isObject(configuration)) return undefined;
    const { checkConfiguration } = await import("../providers/airbyte/specification/check.ts");
    return checkConfiguration(configuration, { connector: own, schema }).mistakes;
  }

  #idOf(kinds: readonly KindName[], name: string): string {
    const found = kinds.map((kind) => this.#ids.get(`${kind} ${name}`)).find((id) => id !== undefined);
    return found ?? UNKNOWN;
  }

  /** One line on what could not be looked at. */
  tellWhatWasLeft(): void {
    const [first, ...others] = this.#withoutSource;
    if (first === undefined) return;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    void pulumi.log.info(
      `The streams of "${first}"${more} are checked once their sources are there as they are declared.`,
    );
  }
}

/** From the provider's names of settings to those of the file. */
function inFile(
  { fields }: KindDescription,
  settings: Record<string, unknown>,
  [first, ...rest]: readonly PropertyKey[],
): PropertyKey[] {
  if (first === undefined) return [];
  const written = Object.keys(fields).find(
    (key) => settings[key] !== undefined && inputKey(key, fields[key]!) === first,
  );
  return [written ?? first, ...rest];
}

/** What stands behind values of the stack, as the provider gets it. What a run itself makes isn't known. */
async function settled(values: readonly unknown[]): Promise<unknown[]> {
  const { list } = await pulumi.runtime.serializeProperties("pipelines", { list: values as pulumi.Input<unknown>[] });
  return (list as unknown[]).map((value) => (isObject(value) && SECRET in value ? value.value : value));
}

/** Pulumi's mark of a secret on its way (the SDK's runtime/rpc). */
const SECRET = "4dabf18193072939515e22adb298388d";
