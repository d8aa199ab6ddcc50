import { randomUUID } from "node:crypto";
import { badRequest, notFound } from "../api/problems.ts";
import type { Connector } from "../connectors/connector.ts";
import type { ConnectorKind, CustomDefinition } from "../state.ts";
import type { Instance } from "../instance.ts";
import { deleteActor } from "./actors.ts";
import { findWorkspace } from "./workspaces.ts";

/** The version that a definition shows: a simulated connector has none of its own. */
export function shownVersion({ version, simulated }: Connector): string {
  return simulated ? `${version}-simulated` : version;
}

/** What a definition and a spec say beside what Airbyte's say: whether the connector is simulated, and why. */
export function shownSimulation({ simulated, simulatedBecause }: Connector) {
  return simulated ? { simulated, simulatedBecause } : {};
}

/** The same of a connector that the workspace brought along. */
export function customSimulation({ registry }: Pick<Instance, "registry">, { kind, id }: CustomDefinition) {
  const connector = registry.find(kind, id);
  return connector ? shownSimulation(connector) : {};
}

export function simulationNote({ name, simulated, simulatedBecause }: Connector): string | undefined {
  return simulated ? `${name} is simulated: ${simulatedBecause ?? "no reason is known"}` : undefined;
}

/** The connectors that come with Airbyte. */
export function knownConnectors({ registry }: Pick<Instance, "registry">, kind: ConnectorKind): Connector[] {
  return registry.known().filter((connector) => connector.kind === kind);
}

/**
 * Whether a workspace sees a connector of somebody's own: an image in its workspace alone, a low-code one in all of the organization,
 * which it belongs to. (Airbyte's API server, seen.)
 */
export function seenFrom(instance: Pick<Instance, "store">, workspaceId: string) {
  const organizationOf = (id: string) => instance.store.workspaces.get(id)?.organizationId;
  return (definition: CustomDefinition) =>
    definition.workspaceId === workspaceId ||
    (definition.manifest !== null && organizationOf(definition.workspaceId) === organizationOf(workspaceId));
}

export function customDefinition(
  { store }: Pick<Instance, "store">,
  id: string,
  mine: (definition: CustomDefinition) => boolean,
): CustomDefinition {
  const definition = store.definitions.get(id);
  if (!definition || !mine(definition)) throw notFound("connector_definition", id);
  return definition;
}

/** 400 for a connector that comes with Airbyte. */
export function changeableDefinition(
  instance: Pick<Instance, "store" | "registry">,
  kind: ConnectorKind,
  id: string,
  mine: (definition: CustomDefinition) => boolean,
): CustomDefinition {
  if (knownConnectors(instance, kind).some(({ definitionId }) => definitionId === id)) {
    throw badRequest("Only custom definitions can be changed or deleted");
  }
  return customDefinition(instance, id, mine);
}

/** Adds a Docker image to the workspace. */
export function createDefinition(
  instance: Instance,
  kind: ConnectorKind,
  workspaceId: string,
  given: Pick<CustomDefinition, "name" | "dockerRepository" | "dockerImageTag"> & {
    documentationUrl?: string | null | undefined;
  },
): CustomDefinition {
  return instance.store.definitions.put({
    ...given,
    documentationUrl: given.documentationUrl ?? null,
    id: randomUUID(),
    workspaceId: findWorkspace(instance, workspaceId).id,
    kind,
    manifest: null,
    version: 1,
  });
}

/** Takes what is made with the connector down with it, as Airbyte does. */
export function deleteDefinition(instance: Instance, { id, kind }: CustomDefinition): void {
  const { store } = instance;
  const actors = kind === "source" ? store.sources : store.destinations;
  for (const actor of actors.all()) {
    if (actor.definitionId === id && !actor.deleted) deleteActor(instance, kind, actor.id);
  }
  for (const project of store.builderProjects.all()) {
    if (project.definitionId === id) store.builderProjects.remove(project.id);
  }
  store.definitions.remove(id);
}
