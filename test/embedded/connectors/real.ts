import { join } from "node:path";
import { onTestFinished, type TestContext } from "vitest";
import type { ConfiguredCatalog, Connector, ConnectorMessage } from "../../../embedded/connectors/connector.ts";
import type { SourceSyncMode } from "../../../embedded/state.ts";
import { Programs } from "../../../embedded/connectors/programs.ts";
import { pythonEnvironment, pythonsOnPath } from "../../../embedded/connectors/python/environments.ts";
import { Registry } from "../../../embedded/connectors/registry.ts";
import type { JsonObject } from "../../../embedded/json.ts";
import { Store } from "../../../embedded/store.ts";
import { temporaryFolder } from "../start.ts";

/** Skips a test where Airbyte's own connectors can't run: no fitting Python, no way to PyPI. Else installs what it needs. */
export async function needsConnector(context: TestContext, ...environments: string[]): Promise<void> {
  for (const name of environments) {
    await pythonEnvironment(name, () => undefined).catch((error: unknown) => {
      context.skip(`needs ${name}: ${(error as Error).message.split("\n")[0] ?? ""}`);
    });
  }
}

/** A registry whose connectors really run, and are ended with the test. */
export async function real(mode: "auto" | "real" = "auto") {
  const folder = temporaryFolder();
  const programs = new Programs(join(folder, "programs"), (name) => pythonEnvironment(name, () => undefined));
  onTestFinished(() => programs.close());
  const { definitions: custom } = Store.inFolder(folder, false);
  const log: string[] = [];
  const pythons = await pythonsOnPath();
  const registry = new Registry({
    custom,
    mode,
    programs,
    localFolder: join(folder, "local"),
    pythons,
    log: (line) => log.push(line),
  });
  const source = (type: string) => found(registry.find("source", registry.idOf("source", type) ?? ""));
  return { folder, programs, registry, custom, log, source };
}

export function found(connector: Connector | undefined): Connector {
  if (!connector) throw new Error("There is no such connector");
  return connector;
}

/** All that a source has to say, of all its streams. */
export async function read(
  connector: Connector,
  configuration: JsonObject,
  state: JsonObject[] | null,
  mode: SourceSyncMode,
) {
  const { streams } = await connector.discover(configuration);
  const catalog: ConfiguredCatalog = {
    streams: streams.map((stream) => ({
      ...{ stream, syncMode: mode, destinationSyncMode: "append" },
      ...{ cursorField: stream.defaultCursorField ?? [], primaryKey: stream.sourceDefinedPrimaryKey ?? [] },
    })),
  };
  const messages: ConnectorMessage[] = [];
  for await (const message of connector.read(configuration, catalog, state)) messages.push(message);
  const rows = messages.flatMap((message) => (message.type === "RECORD" ? [message] : []));
  const states = messages.flatMap((message) => (message.type === "STATE" ? [message] : []));
  return { streams, rows, states, messages };
}
