import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { resolved } from "../../specification/references.ts";
import { openCacheFolder } from "../folders.ts";
import { firstFound, isObject, type Json, type JsonObject } from "../json.ts";
import {
  ConnectorFailure,
  failedCheck,
  type CheckResult,
  type Connector,
  type ConnectorMessage,
  type ConnectorSpec,
  type DiscoveredStream,
  type RealSource,
} from "./connector.ts";
import { withLocalFile } from "./local-files.ts";
import { readMessage, writtenCatalog, type ProtocolMessage } from "./messages.ts";
import type { Programs, Run } from "./programs.ts";
import { manifestRunner, type PublishedConnector } from "./published.ts";
import type { Availability } from "./real-or-simulated.ts";
import { maskingOf } from "./secrets.ts";
import { openStream } from "./simulated.ts";

/** A source that is a program of its own. */
interface ProgramSource {
  environment: string;
  program: string;
  /** JSON Schema of the configuration. */
  specification: () => Promise<JsonObject>;
  /** The configuration as the program wants it. Throws a ConnectorFailure where it can't be run. */
  prepare?: (configuration: JsonObject) => JsonObject;
  programs: Programs;
  /** Folders of this machine that it may read. */
  readable?: string[];
  /** Takes its warnings and errors while nothing is read: a line each, secrets masked. */
  log: (line: string) => void;
}

/** Check, discover and read by the connector's own program, as the Airbyte Protocol says. */
export function programSource(source: ProgramSource): Pick<Connector, "check" | "discover" | "read"> {
  return {
    async check(configuration, signal) {
      try {
        return await checkBy(source, configuration, signal);
      } catch (error) {
        return failedCheck(error);
      }
    },
    async discover(configuration, signal) {
      for await (const message of messages(source, await runOf(source, "discover", configuration, { signal }))) {
        if (message.type === "CATALOG") return message.catalog;
        fromQuiet(source, message);
      }
      throw new ConnectorFailure(`${source.program} ended without a catalog`);
    },
    async *read(configuration, catalog, state, signal) {
      const files = { catalog: writtenCatalog(catalog), ...(state ? { state } : {}) };
      const run = await runOf(source, "read", configuration, { files, signal });
      let failed = false;
      try {
        for await (const lines of source.programs.lines(run)) {
          for (const line of lines) {
            const message = readMessage(line, run.masking);
            if (message?.type === "TRACE") failed = true;
            if (message && isRead(message)) yield message;
          }
        }
      } catch (error) {
        // The program's exit code, after it has said by itself what went wrong.
        if (!failed || !(error instanceof ConnectorFailure)) throw error;
      }
    },
  };
}

/** The spec, by the program itself. */
async function specBy(source: Omit<ProgramSource, "specification" | "prepare">): Promise<JsonObject> {
  const run: Run = { ...source, command: "spec", files: {}, masking: (text) => text };
  for await (const message of messages(source, run)) {
    if (message.type === "SPEC") return message.spec;
    fromQuiet(source, message);
  }
  throw new ConnectorFailure(`${source.program} ended without a spec`);
}

async function checkBy(
  source: ProgramSource,
  configuration: JsonObject,
  signal: AbortSignal | undefined,
): Promise<CheckResult> {
  for await (const message of messages(source, await runOf(source, "check", configuration, { signal }))) {
    if (message.type !== "CONNECTION_STATUS") {
      fromQuiet(source, message);
    } else if (message.status === "SUCCEEDED") {
      return { status: "succeeded", ...(message.message === undefined ? {} : { message: message.message }) };
    } else {
      const text = message.message ?? "The connector did not say why";
      return { status: "failed", message: text, failureType: "config_error" };
    }
  }
  throw new ConnectorFailure(`${source.program} ended without a result`);
}

async function runOf(
  { environment, program, specification, prepare, readable }: ProgramSource,
  command: Run["command"],
  configuration: JsonObject,
  { files, signal }: { files?: Run["files"]; signal?: AbortSignal | undefined },
): Promise<Run> {
  const masking = maskingOf(await specification(), configuration);
  const config = prepare ? prepare(configuration) : configuration;
  return { environment, program, command, files: { config, ...files }, masking, read: readable, signal };
}

async function* messages(
  { programs }: Pick<ProgramSource, "programs">,
  run: Run,
): AsyncGenerator<ProtocolMessage, void, undefined> {
  for await (const lines of programs.lines(run)) {
    for (const line of lines) {
      const message = readMessage(line, run.masking);
      if (message) yield message;
    }
  }
}

/** What a program says beside the result that is waited for: an error ends the waiting. */
function fromQuiet({ program, log }: Pick<ProgramSource, "program" | "log">, message: ProtocolMessage): void {
  if (message.type === "LOG" && ["WARN", "ERROR", "FATAL"].includes(message.log.level)) {
    log(`${program}: ${message.log.level} ${message.log.message.split("\n")[0] ?? ""}`);
  }
  if (message.type === "TRACE") throw ConnectorFailure.of(message.error);
}

function isRead(message: ProtocolMessage): message is ConnectorMessage {
  return ["RECORD", "STATE", "LOG", "TRACE"].includes(message.type);
}

/** Clients wait a minute for most answers. The installation goes on, and whoever asks again finds it further on. */
const patienceMs = 45_000;

/** A published connector, by its own program. */
export function publishedSource(
  { type, requirement }: PublishedConnector,
  availability: Availability,
  { programs, localFolder, log }: Pick<ProgramSource, "programs" | "log"> & { localFolder: string },
): RealSource {
  const name = `source-${type}`;
  const program = { environment: name, program: name, programs, log };
  let asked: Promise<ConnectorSpec> | undefined;
  const ask = async (): Promise<ConnectorSpec> => {
    const spec = await cachedSpec(requirement, async () => {
      await availability.demand();
      return specBy(program);
    });
    const { connectionSpecification } = spec;
    if (!isObject(connectionSpecification)) throw new ConnectorFailure(`The spec of ${name} has no schema`);
    return { connectionSpecification, supportedDestinationSyncModes: [] };
  };
  // The same object each time: its validator is compiled once.
  const spec = () => inTime((asked ??= ask().catch(forget)), name);
  const forget = (error: unknown): never => {
    asked = undefined;
    throw error;
  };
  const specification = async () => (await spec()).connectionSpecification;
  const prepare = (configuration: JsonObject) =>
    type === "file" ? withLocalFile(localFolder, configuration) : configuration;
  return { spec, ...programSource({ ...program, specification, prepare, readable: [localFolder] }) };
}

function inTime<T>(work: Promise<T>, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new ConnectorFailure(`${name} is still being installed; try again in a minute`, "transient_error"));
    }, patienceMs);
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

/**
 * The spec of one version of a connector, from the cache folder: what was asked once needs neither installation nor
 * Python again. A file that can't be read counts as none, one that can't be written does no harm.
 *
 * @param name package and version: `airbyte-source-faker==7.2.1`
 */
async function cachedSpec(name: string, ask: () => Promise<JsonObject>): Promise<JsonObject> {
  const known = readSpec(name);
  if (known) return known;
  const spec = await ask();
  try {
    const file = specFile(name);
    mkdirSync(dirname(file), { recursive: true });
    await writeFileAtomic(file, JSON.stringify(spec));
  } catch (error) {
    console.error(`The spec of ${name} can't be kept`, error);
  }
  return spec;
}

/** The spec if it is known without asking. */
export function readSpec(name: string): JsonObject | undefined {
  try {
    return JSON.parse(readFileSync(specFile(name), "utf8")) as JsonObject;
  } catch {
    return undefined;
  }
}

function specFile(name: string): string {
  return join(openCacheFolder(), "specs", `${name}.json`);
}

/** A low-code manifest, run by Airbyte's own runner. Its spec is in the manifest. */
export function manifestSource(
  manifest: JsonObject,
  spec: Connector["spec"],
  { programs, log }: Pick<ProgramSource, "programs" | "log">,
): Pick<Connector, "check" | "discover" | "read"> {
  const { program } = manifestRunner;
  return programSource({
    environment: program,
    program,
    programs,
    log,
    specification: async () => (await spec()).connectionSpecification,
    prepare: (configuration) => {
      const custom = customCode(manifest);
      if (custom !== undefined) {
        throw new ConnectorFailure(
          `The manifest needs Python code of its own (${custom}), and that is not run here: ` +
            "whoever writes a manifest would have this machine. Use the components of the low-code language.",
          "config_error",
        );
      }
      return { ...configuration, __injected_declarative_manifest: manifest };
    },
  });
}

/**
 * The first class that the manifest names by itself, or says by a reference where to find the name. The runner refuses
 * them all as well, those of Airbyte's own library too, and also where a class is named while it runs; this says it in
 * words that help.
 */
function customCode(value: Json): string | undefined {
  if (Array.isArray(value)) return firstFound(value, customCode);
  if (!isObject(value)) return undefined;
  const name = value.class_name;
  if (typeof name === "string") return name;
  if (isObject(name) && typeof name.$ref === "string") return name.$ref;
  return firstFound(Object.values(value), customCode);
}

/**
 * The streams that a low-code manifest describes, for where it isn't run: with the schema, the key and the cursor that
 * it defines. The connector builder exports streams and schemas as
 * references, `{$ref: "#/definitions/streams/people"}`.
 */
export function manifestStreams(manifest: JsonObject): DiscoveredStream[] {
  const follow = (value: Json | undefined) => resolved(manifest, value);
  const streams = Array.isArray(manifest.streams) ? manifest.streams.map(follow).filter(isObject) : [];
  return streams.flatMap((stream) => {
    const { name, type = "DeclarativeStream" } = stream;
    if (typeof name !== "string") return [];
    if (type !== "DeclarativeStream") return openStream(name);
    const loader = follow(stream.schema_loader);
    const schema = isObject(loader) ? follow(loader.schema) : undefined;
    const incremental = follow(stream.incremental_sync);
    const cursor = isObject(incremental) ? follow(incremental.cursor_field) : undefined;
    const key = keyOf(follow(stream.primary_key));
    // A template has a value in a run only.
    const isKnown = typeof cursor === "string" && !cursor.includes("{{");
    return {
      name,
      jsonSchema: isObject(schema) ? schema : openStream(name).jsonSchema,
      supportedSyncModes: isObject(incremental) ? ["full_refresh", "incremental"] : ["full_refresh"],
      ...(key.length > 0 ? { sourceDefinedPrimaryKey: key } : {}),
      ...(isObject(incremental) ? { sourceDefinedCursor: true, defaultCursorField: isKnown ? [cursor] : [] } : {}),
    };
  });
}

/** `id`, `[id, day]` or `[[id], [day]]`. */
function keyOf(given: Json | undefined): string[][] {
  const paths = (Array.isArray(given) ? given : [given]).map((path) => (Array.isArray(path) ? path : [path]));
  return paths.filter((path): path is string[] => path.every((step) => typeof step === "string" && step !== ""));
}
