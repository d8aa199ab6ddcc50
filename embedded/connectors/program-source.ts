import type { JsonObject } from "../json.ts";
import type { CheckResult, Connector, ConnectorMessage } from "./connector.ts";
import { ConnectorFailure, failedCheck } from "./protocol/failure.ts";
import { maskingOf } from "./protocol/masking.ts";
import { readMessage, writtenCatalog, type ProtocolMessage } from "./protocol/messages.ts";
import type { Programs, Run } from "./protocol/programs.ts";

/** A source that is a program of its own. */
export interface ProgramSource {
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
export async function specBy(source: Omit<ProgramSource, "specification" | "prepare">): Promise<JsonObject> {
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
