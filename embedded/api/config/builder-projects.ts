import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { CustomDefinition } from "../../state.ts";
import { changeManifest, createProject, findProject, projectOf, publish } from "../../platform/declarative-sources.ts";
import { customDefinition } from "../../platform/definitions.ts";
import { notFound } from "../problems.ts";
import { object } from "../requests.ts";
import { id, inWorkspace, post, type Route } from "./route.ts";

const one = inWorkspace.extend({ builderProjectId: id });
const published = z.object({ manifest: object, spec: object, version: z.int(), description: z.string() });
const ofDefinition = inWorkspace.extend({ sourceDefinitionId: id });

/** `connector_builder_projects/…` and `declarative_source_definitions/…`: low-code connectors in this API. */
export function builderProjects(instance: Instance): Route[] {
  const { store } = instance;
  const declarative = (definitionId: string) =>
    customDefinition(instance, definitionId, ({ manifest }) => manifest !== null);
  return [
    post(
      "/connector_builder_projects/create",
      inWorkspace.extend({ builderProject: z.object({ name: z.string(), draftManifest: object.nullish() }) }),
      ({ workspaceId, builderProject: { name, draftManifest } }) => {
        const project = createProject(instance, workspaceId, name, draftManifest ?? null);
        return { workspaceId, builderProjectId: project.id };
      },
    ),
    post(
      "/connector_builder_projects/publish",
      one.extend({ name: z.string(), initialDeclarativeManifest: published }),
      ({ workspaceId, builderProjectId, name, initialDeclarativeManifest: { manifest } }) => {
        const project = findProject(instance, builderProjectId, workspaceId);
        return { sourceDefinitionId: publish(instance, project, name, manifest).id };
      },
    ),
    post(
      "/connector_builder_projects/get_for_definition_id",
      inWorkspace.extend({ actorDefinitionId: id }),
      ({ actorDefinitionId }) => {
        const { id: builderProjectId, workspaceId } = projectOf(instance, actorDefinitionId);
        return { builderProjectId, workspaceId };
      },
    ),
    post("/connector_builder_projects/get_with_manifest", one.extend({ version: z.int().nullish() }), (given) => {
      const {
        id: builderProjectId,
        name,
        draft,
        definitionId,
      } = findProject(instance, given.builderProjectId, given.workspaceId);
      const builderProject = { builderProjectId, name, hasDraft: draft !== null };
      if (draft && given.version === undefined) {
        return { builderProject, declarativeManifest: { manifest: draft, isDraft: true } };
      }
      if (definitionId === null) throw notFound("connector_builder_project", builderProjectId);
      const { manifest, version } = versionOf(declarative(definitionId), given.version);
      return { builderProject, declarativeManifest: { manifest, version, isDraft: false, description: "" } };
    }),
    post("/connector_builder_projects/delete", one, ({ builderProjectId, workspaceId }) => {
      store.builderProjects.remove(findProject(instance, builderProjectId, workspaceId).id);
    }),
    post("/declarative_source_definitions/list_manifests", ofDefinition, ({ sourceDefinitionId }) => {
      const { version } = declarative(sourceDefinitionId);
      return { manifestVersions: [{ version, isActive: true, description: "" }] };
    }),
    post(
      "/declarative_source_definitions/create_manifest",
      ofDefinition.extend({ setAsActiveManifest: z.boolean(), declarativeManifest: published }),
      ({ sourceDefinitionId, declarativeManifest: { manifest } }) => {
        changeManifest(instance, declarative(sourceDefinitionId), manifest);
      },
    ),
  ];
}

function versionOf(definition: CustomDefinition, wanted: number | null | undefined): CustomDefinition {
  if ((wanted ?? definition.version) !== definition.version) throw notFound("declarative_manifest", String(wanted));
  return definition;
}
