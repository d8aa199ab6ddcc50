import { randomUUID } from "node:crypto";
import { notFound } from "../api/problems.ts";
import { manifestRunner, pinnedVersion } from "../connectors/published.ts";
import type { Instance } from "../instance.ts";
import type { JsonObject } from "../json.ts";
import type { BuilderProject, CustomDefinition } from "../state.ts";
import { findWorkspace } from "./workspaces.ts";

export function createProject(instance: Instance, workspaceId: string, name: string, draft: JsonObject | null) {
  const { id } = findWorkspace(instance, workspaceId);
  return instance.store.builderProjects.put({ id: randomUUID(), workspaceId: id, name, draft, definitionId: null });
}

export function findProject({ store }: Instance, id: string, workspaceId: string): BuilderProject {
  const project = store.builderProjects.get(id);
  if (project?.workspaceId !== workspaceId) throw notFound("connector_builder_project", id);
  return project;
}

export function projectOf({ store }: Instance, definitionId: string): BuilderProject {
  const project = store.builderProjects.all().find((candidate) => candidate.definitionId === definitionId);
  if (!project) throw notFound("connector_builder_project", definitionId);
  return project;
}

/** Makes a low-code connector of a project. */
export function publish({ store }: Instance, project: BuilderProject, name: string, manifest: JsonObject) {
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
export function changeManifest({ store }: Instance, definition: CustomDefinition, manifest: JsonObject) {
  return store.definitions.put({ ...definition, manifest, version: definition.version + 1 });
}
