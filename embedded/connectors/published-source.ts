import { isObject, type JsonObject } from "../json.ts";
import type { Availability } from "./availability.ts";
import type { Connector, ConnectorSpec } from "./connector.ts";
import { withLocalFile } from "./local-files.ts";
import { programSource, specBy, type ProgramSource } from "./program-source.ts";
import type { PublishedConnector } from "./published.ts";
import { ConnectorFailure } from "./protocol/failure.ts";
import { cachedSpec } from "./spec-cache.ts";

/** Clients wait a minute for most answers. The installation goes on, and whoever asks again finds it further on. */
const patienceMs = 45_000;

type Real = Pick<Connector, "spec" | "check" | "discover" | "read">;

/** A published connector, by its own program. */
export function publishedSource(
  { type, requirement }: PublishedConnector,
  availability: Availability,
  { programs, localFolder, log }: Pick<ProgramSource, "programs" | "log"> & { localFolder: string },
): Real {
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
