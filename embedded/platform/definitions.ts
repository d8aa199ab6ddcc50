import { randomUUID } from "node:crypto";
import type { Connector } from "../connectors/connector.ts";
import { manifestRunner, pinnedVersion } from "../connectors/published.ts";
import type { JsonObject } from "../json.ts";
import { badRequest, notFound } from "../problems.ts";
import type { BuilderProject, ConnectorKind, CustomDefinition } from "../state.ts";
import { deleteActor } from "./actors.ts";
import { findWorkspace, type Platform } from "./platform.ts";

/** The version that a definition shows: a simulated connector has none of its own. */
export function shownVersion({ version, simulated }: Connector): string {
  return simulated ? `${version}-simulated` : version;
}

/** What a definition and a spec say beside what Airbyte's say: whether the connector is simulated, and why. */
export function shownSimulation({ simulated, simulatedBecause }: Connector) {
  return simulated ? { simulated, simulatedBecause } : {};
}

/** The same of a connector that the workspace brought along. */
export function customSimulation({ registry }: Pick<Platform, "registry">, { kind, id }: CustomDefinition) {
  const connector = registry.find(kind, id);
  return connector ? shownSimulation(connector) : {};
}

export function simulationNote({ name, simulated, simulatedBecause }: Connector): string | undefined {
  return simulated ? `${name} is simulated: ${simulatedBecause ?? "no reason is known"}` : undefined;
}

/** A connector as definitions of both APIs show it, all but its id. */
export function shownConnector(connector: Connector) {
  const { name, dockerRepository, documentationUrl } = connector;
  return {
    ...{ name, dockerRepository, dockerImageTag: shownVersion(connector) },
    ...(documentationUrl ? { documentationUrl } : {}),
    ...shownSimulation(connector),
  };
}

/** The same of one that the workspace brought along. */
export function shownDefinition(platform: Pick<Platform, "registry">, definition: CustomDefinition) {
  const { name, dockerRepository, dockerImageTag, documentationUrl } = definition;
  return {
    ...{ name, dockerRepository, dockerImageTag },
    ...(documentationUrl ? { documentationUrl } : {}),
    ...customSimulation(platform, definition),
  };
}

/** The connectors that come with Airbyte. */
export function knownConnectors({ registry }: Pick<Platform, "registry">, kind: ConnectorKind): Connector[] {
  return registry.known().filter((connector) => connector.kind === kind);
}

/**
 * Whether a workspace sees a connector of somebody's own: an image in its workspace alone, a low-code one in all of the organization,
 * which it belongs to. (Airbyte's API server, seen.)
 */
export function seenFrom(platform: Pick<Platform, "store">, workspaceId: string) {
  const organizationOf = (id: string) => platform.store.workspaces.get(id)?.organizationId;
  return (definition: CustomDefinition) =>
    definition.workspaceId === workspaceId ||
    (definition.manifest !== null && organizationOf(definition.workspaceId) === organizationOf(workspaceId));
}

export function customDefinition(
  { store }: Pick<Platform, "store">,
  id: string,
  mine: (definition: CustomDefinition) => boolean,
): CustomDefinition {
  const definition = store.definitions.get(id);
  if (!definition || !mine(definition)) throw notFound("connector_definition", id);
  return definition;
}

/** 400 for a connector that comes with Airbyte. */
export function changeableDefinition(
  platform: Pick<Platform, "store" | "registry">,
  kind: ConnectorKind,
  id: string,
  mine: (definition: CustomDefinition) => boolean,
): CustomDefinition {
  if (knownConnectors(platform, kind).some(({ definitionId }) => definitionId === id)) {
    throw badRequest("Only custom definitions can be changed or deleted");
  }
  return customDefinition(platform, id, mine);
}

/** Adds a Docker image to the workspace. */
export function createDefinition(
  platform: Platform,
  kind: ConnectorKind,
  workspaceId: string,
  given: Pick<CustomDefinition, "name" | "dockerRepository" | "dockerImageTag"> & {
    documentationUrl?: string | null | undefined;
  },
): CustomDefinition {
  return platform.store.definitions.put({
    ...given,
    documentationUrl: given.documentationUrl ?? null,
    id: randomUUID(),
    workspaceId: findWorkspace(platform, workspaceId).id,
    kind,
    manifest: null,
    version: 1,
  });
}

/** Takes what is made with the connector down with it, as Airbyte does. */
export function deleteDefinition(platform: Platform, { id, kind }: CustomDefinition): void {
  const { store } = platform;
  const actors = kind === "source" ? store.sources : store.destinations;
  for (const actor of actors.all()) {
    if (actor.definitionId === id && !actor.deleted) deleteActor(platform, kind, actor.id);
  }
  for (const project of store.builderProjects.all()) {
    if (project.definitionId === id) store.builderProjects.remove(project.id);
  }
  store.definitions.remove(id);
}

export function createProject(platform: Platform, workspaceId: string, name: string, draft: JsonObject | null) {
  const { id } = findWorkspace(platform, workspaceId);
  return platform.store.builderProjects.put({ id: randomUUID(), workspaceId: id, name, draft, definitionId: null });
}

export function findProject({ store }: Platform, id: string, workspaceId: string): BuilderProject {
  const project = store.builderProjects.get(id);
  if (project?.workspaceId !== workspaceId) throw notFound("connector_builder_project", id);
  return project;
}

export function projectOf({ store }: Platform, definitionId: string): BuilderProject {
  const project = store.builderProjects.all().find((candidate) => candidate.definitionId === definitionId);
  if (!project) throw notFound("connector_builder_project", definitionId);
  return project;
}

/** Makes a low-code connector of a project. */
export function publish({ store }: Platform, project: BuilderProject, name: string, manifest: JsonObject) {
  const definition: CustomDefinition = store.definitions.put({
    id: randomUUID(),
    workspaceId: project.workspaceId,
    kind: "source",
    name,
    dockerRepository: "airbyte/source-declarative-manifest",
    dockerImageTag: pinnedVersion(manifestRunner.requirement),
    documentationUrl: null,
    manifest,
    version: 1,
  });
  store.builderProjects.put({ ...project, draft: null, definitionId: definition.id });
  return definition;
}

/** The next version of a low-code connector. Only the current one is kept. */
export function changeManifest({ store }: Platform, definition: CustomDefinition, manifest: JsonObject) {
  return store.definitions.put({ ...definition, manifest, version: definition.version + 1 });
}
