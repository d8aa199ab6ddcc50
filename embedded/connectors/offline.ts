import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../json.ts";
import type { ConnectorsMode } from "../options.ts";
import type { ConnectorKind } from "../state.ts";
import { Programs } from "./programs.ts";
import { installedEnvironment, pythonsOnPath } from "./python/environments.ts";
import { Registry } from "./registry.ts";
import { permissiveSpecification } from "./simulated.ts";

/** What a server that isn't there yet will tell of its connectors. */
export interface OfflineConnectors {
  listDefinitions(kind: ConnectorKind): Promise<OfflineDefinition[]>;
  /** JSON Schema of the configuration; undefined where nothing is known of it. */
  getSpecification(kind: ConnectorKind, definitionId: string): Promise<JsonObject | undefined>;
}

interface OfflineDefinition {
  id: string;
  name: string;
  dockerRepository: string;
  dockerImageTag: string;
  custom: boolean;
}

/** Nothing is installed for it: what isn't there is as the server simulates it. */
export async function offlineConnectors(mode: ConnectorsMode = "auto"): Promise<OfflineConnectors> {
  const folder = mkdtempSync(join(tmpdir(), "airbyte-connectors-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const registry = new Registry({
    custom: new Map(),
    mode,
    programs: new Programs(folder, installedEnvironment),
    localFolder: folder,
    pythons: mode === "simulated" ? [] : await pythonsOnPath(),
    log: () => undefined,
  });
  return {
    listDefinitions(kind) {
      const known = registry.known().filter((connector) => connector.kind === kind);
      return Promise.resolve(
        known.map(({ definitionId, name, dockerRepository, version }) => {
          return { id: definitionId, name, dockerRepository, dockerImageTag: version, custom: false };
        }),
      );
    },
    async getSpecification(kind, definitionId) {
      const spec = await registry
        .find(kind, definitionId)
        ?.spec()
        .catch(() => undefined); // one that can't run here: the server says so
      const schema = spec?.connectionSpecification;
      return schema === permissiveSpecification ? undefined : schema;
    },
  };
}
