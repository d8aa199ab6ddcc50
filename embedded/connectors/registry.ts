import { isObject } from "../json.ts";
import type { ConnectorsMode } from "../options.ts";
import type { ConnectorKind, CustomDefinition } from "../state.ts";
import type { Store } from "../store.ts";
import type { Connector, RealDestination, RealSource } from "./connector.ts";
import { manifestSource, manifestStreams, publishedSource } from "./program-source.ts";
import type { Programs } from "./programs.ts";
import { manifestRunner, pinnedVersion, publishedSources, type PublishedConnector } from "./published.ts";
import { whyNoPython, type Python } from "./python/environments.ts";
import {
  alwaysReal,
  alwaysWritten,
  Availability,
  realWherePossible,
  simulatedBecause,
  writtenWherePossible,
} from "./real-or-simulated.ts";
import { permissiveConnector } from "./simulated.ts";
import { localJson, onlyImages, standIns, writable } from "./stand-ins.ts";

const onlyImage = "Airbyte publishes this connector as a Docker image only, and those are not run here";
const asWished = "this server is set to simulated connectors (embedded.connectors)";

interface RegistryOptions {
  custom: Pick<Store["definitions"], "get">;
  mode: ConnectorsMode;
  programs: Programs;
  /** The one folder of this machine that connectors may read; `/local` to them. */
  localFolder: string;
  /** What is real of destinations, by the API's name of them. Without it they are all simulated. */
  destinations?: Record<string, RealDestination>;
  /** The Pythons of this machine. */
  pythons: Python[];
  /** Takes lines for the server's log. */
  log: (line: string) => void;
}

/** Which connector is behind a definition id or a name, and whether its own program runs or it is simulated. */
export class Registry {
  readonly #options: RegistryOptions;
  readonly #known = new Map<string, Connector>();
  readonly #manifestRunner: Availability;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#manifestRunner = this.#availability(manifestRunner.program);
    const all = [
      ...publishedSources.map((published) => this.#published(published)),
      ...writable.map((destination) => this.#destination(destination)),
      ...onlyImages.map((connector) => this.#simulated(connector, onlyImage)),
    ];
    for (const connector of all) this.#known.set(connector.definitionId, connector);
  }

  known(): Connector[] {
    return [...this.#known.values()];
  }

  /** `undefined` only if the id belongs to a connector of the other kind: any unknown id gets a permissive connector. */
  find(kind: ConnectorKind, definitionId: string): Connector | undefined {
    const known = this.#known.get(definitionId);
    if (known) return known.kind === kind ? known : undefined;
    const custom = this.#options.custom.get(definitionId);
    if (custom) return custom.kind === kind ? this.#custom(custom) : undefined;
    const unknown = { definitionId, kind, type: "", name: `Unknown ${kind}`, dockerRepository: "", version: "latest" };
    return this.#simulated(permissiveConnector(unknown), "this server doesn't know the connector");
  }

  /** The definition id that goes by this `sourceType` or `destinationType`. */
  idOf(kind: ConnectorKind, type: string): string | undefined {
    return this.known().find((connector) => connector.kind === kind && connector.type === type)?.definitionId;
  }

  #published(published: PublishedConnector): Connector {
    const { type, definitionId, needsAccount = false } = published;
    const simulated = standIns.find((standIn) => standIn.definitionId === definitionId) ?? permissiveSource(published);
    const availability = this.#availability(`source-${type}`);
    return this.#choose(simulated, publishedSource(published, availability, this.#options), availability, needsAccount);
  }

  // PyAirbyte does the writing, but for files, which need no Python.
  #destination(simulated: Connector): Connector {
    const real = this.#options.destinations?.[simulated.type];
    if (!real || this.#options.mode === "simulated") return this.#simulated(simulated, onlyImage);
    if (simulated === localJson) return { ...simulated, ...real, simulated: false };
    const availability = this.#availability("pyairbyte");
    return this.#options.mode === "real"
      ? alwaysWritten(simulated, real, availability)
      : writtenWherePossible(simulated, real, availability);
  }

  #custom(definition: CustomDefinition): Connector {
    const simulated = customConnector(definition);
    const { manifest } = definition;
    if (!manifest) return this.#simulated(simulated, "it is a Docker image, and those are not run here");
    const spec = () => simulated.spec();
    const real = { spec, ...manifestSource(manifest, spec, this.#options) };
    return this.#choose(simulated, real, this.#manifestRunner, false);
  }

  #choose(simulated: Connector, real: RealSource, availability: Availability, needsAccount: boolean): Connector {
    switch (this.#options.mode) {
      case "simulated":
        return simulatedBecause(simulated, asWished);
      case "real":
        return alwaysReal(simulated, real, availability);
      case "auto":
        return realWherePossible(simulated, real, availability, needsAccount);
    }
  }

  #simulated(connector: Connector, why: string): Connector {
    return simulatedBecause(connector, this.#options.mode === "simulated" ? asWished : why);
  }

  #availability(environment: string): Availability {
    const { pythons, programs } = this.#options;
    return new Availability(environment, whyNoPython(pythons, environment), programs);
  }
}

function permissiveSource({ type, name, definitionId, requirement, suggestedStreams }: PublishedConnector): Connector {
  const version = pinnedVersion(requirement);
  const dockerRepository = `airbyte/source-${type}`;
  const connector = permissiveConnector({ kind: "source", type, name, definitionId, dockerRepository, version });
  return { ...connector, suggestedStreams };
}

// A low-code manifest carries its own spec and the names of its streams.
function customConnector(definition: CustomDefinition): Connector {
  const { id, name, kind, dockerRepository, dockerImageTag, documentationUrl, manifest } = definition;
  const spec = isObject(manifest?.spec) ? manifest.spec.connection_specification : undefined;
  const streams = manifest ? manifestStreams(manifest) : [];
  const connector = permissiveConnector({
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
  return { ...connector, revision: definition.version };
}
