import { isObject, type JsonObject } from "../json.ts";
import type { CustomDefinition } from "../state.ts";
import type { Store } from "../store.ts";
import type { Connector, ConnectorKind } from "./connector.ts";
import { devNull } from "./dev-null.ts";
import { faker } from "./faker.ts";
import { googleSheets } from "./google-sheets.ts";
import { namedConnectors } from "./names.ts";
import { openStream, permissiveConnector } from "./permissive.ts";
import { postgresDestination, postgresSource } from "./postgres.ts";

const described: Connector[] = [faker, googleSheets, postgresSource, postgresDestination, devNull];

const named = namedConnectors.map((connector) =>
  permissiveConnector({
    ...connector,
    dockerRepository: `airbyte/${connector.kind}-${connector.type}`,
    version: "latest",
  }),
);

/** Which connector is behind a definition id or a name. */
export class Registry {
  readonly #custom: Store["definitions"];
  readonly #known = new Map<string, Connector>();

  constructor(custom: Store["definitions"]) {
    this.#custom = custom;
    for (const connector of [...described, ...named]) this.#known.set(connector.definitionId, connector);
  }

  known(): Connector[] {
    return [...this.#known.values()];
  }

  /** `undefined` only if the id belongs to a connector of the other kind: any unknown id gets a permissive connector. */
  find(kind: ConnectorKind, definitionId: string): Connector | undefined {
    const known = this.#known.get(definitionId);
    if (known) return known.kind === kind ? known : undefined;
    const custom = this.#custom.get(definitionId);
    if (custom) return custom.kind === kind ? customConnector(custom) : undefined;
    return permissiveConnector({
      definitionId,
      kind,
      type: "",
      name: `Unknown ${kind}`,
      dockerRepository: "",
      version: "latest",
    });
  }

  /** The definition id that goes by this `sourceType` or `destinationType`. */
  idOf(kind: ConnectorKind, type: string): string | undefined {
    return this.known().find((connector) => connector.kind === kind && connector.type === type)?.definitionId;
  }
}

// A low-code manifest carries its own spec and the names of its streams.
function customConnector(definition: CustomDefinition): Connector {
  const { id, name, kind, dockerRepository, dockerImageTag, documentationUrl, manifest } = definition;
  const spec = isObject(manifest?.spec) ? manifest.spec.connection_specification : undefined;
  const streams = (Array.isArray(manifest?.streams) ? manifest.streams : []).filter(isObject).map(manifestStream);
  return permissiveConnector({
    definitionId: id,
    kind,
    type: "",
    name,
    dockerRepository,
    version: dockerImageTag,
    ...(documentationUrl ? { documentationUrl } : {}),
    ...(isObject(spec) ? { connectionSpecification: spec } : {}),
    ...(streams.length > 0 ? { streams } : {}),
  });
}

function manifestStream(stream: JsonObject) {
  const loader = stream.schema_loader;
  const schema = isObject(loader) ? loader.schema : undefined;
  const found = openStream(stream.name as string);
  return isObject(schema) ? { ...found, jsonSchema: schema } : found;
}
