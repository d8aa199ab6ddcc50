import { z } from "zod";
import type { Connector } from "../../connectors/connector.ts";
import { permissiveSpecification } from "../../connectors/simulated.ts";
import { isObject, type JsonObject } from "../../json.ts";
import {
  changeableDefinition,
  changeManifest,
  createDefinition,
  createProject,
  customDefinition,
  deleteDefinition,
  findProject,
  knownConnectors,
  projectOf,
  publish,
  seenFrom,
  shownConnector,
  shownDefinition,
  shownSimulation,
  simulationNote,
} from "../../platform/definitions.ts";
import { connectorOf, findWorkspace } from "../../platform/platform.ts";
import { notFound } from "../../problems.ts";
import type { ConnectorKind, CustomDefinition } from "../../state.ts";
import { object, type Instance } from "../requests.ts";
import { of, synchronousJob } from "./actors.ts";
import { id, inWorkspace, nothing, post, type Route } from "./route.ts";

const one = z.object({ definitionId: id });
const image = z.object({
  name: z.string(),
  dockerRepository: z.string(),
  dockerImageTag: z.string(),
  documentationUrl: z.string().nullish(),
});
const change = one.extend({ name: z.string().nullish(), dockerImageTag: z.string() });

const creation = inWorkspace.extend({ definition: image });
const creationOf = (kind: ConnectorKind) =>
  z.preprocess((value) => (isObject(value) ? { ...value, definition: value[`${kind}Definition`] } : value), creation);

// A spec without `properties` is how a client can tell that nothing is known of the configuration.
const unknownSpecification: JsonObject = { type: "object", additionalProperties: true };

/** `source_definitions/…`, `source_definition_specifications/get`, and the same for destinations. */
export function definitions(instance: Instance, kind: ConnectorKind): Route[] {
  const { store } = instance;
  const at = (call: string) => `/${kind}_definitions/${call}`;
  const ofKind = (definition: CustomDefinition) => definition.kind === kind;
  const known = () => knownConnectors(instance, kind).map(showKnown);
  const shown = (definition: CustomDefinition) => ({
    [`${kind}DefinitionId`]: definition.id,
    ...shownDefinition(instance, definition),
    custom: true,
    supportLevel: "none",
    releaseStage: "custom",
  });
  return [
    post(at("list"), nothing, () => ({ [`${kind}Definitions`]: known() })),
    post(at("list_for_workspace"), inWorkspace, ({ workspaceId }) => {
      const own = store.definitions.all().filter(seenFrom(instance, workspaceId));
      return { [`${kind}Definitions`]: [...known(), ...own.filter(ofKind).map(shown)] };
    }),
    post(at("get"), of(kind, one), ({ definitionId }) => {
      const found = knownConnectors(instance, kind).find((connector) => connector.definitionId === definitionId);
      return found ? showKnown(found) : shown(customDefinition(instance, definitionId, ofKind));
    }),
    post(at("create_custom"), creationOf(kind), ({ workspaceId, definition }) => {
      return shown(createDefinition(instance, kind, workspaceId, definition));
    }),
    post(at("update"), of(kind, change), ({ definitionId, name, dockerImageTag }) => {
      const definition = changeableDefinition(instance, kind, definitionId, ofKind);
      return shown(store.definitions.put({ ...definition, name: name ?? definition.name, dockerImageTag }));
    }),
    post(at("delete"), of(kind, one), ({ definitionId }) => {
      deleteDefinition(instance, changeableDefinition(instance, kind, definitionId, ofKind));
    }),
    post(`/${kind}_definition_specifications/get`, of(kind, one.extend(inWorkspace.shape)), (given) =>
      specification(instance, kind, given),
    ),
  ];
}

async function specification(
  instance: Instance,
  kind: ConnectorKind,
  { definitionId, workspaceId }: { definitionId: string; workspaceId: string },
) {
  findWorkspace(instance, workspaceId);
  const begun = Date.now();
  const connector = connectorOf(instance, kind, definitionId);
  const { connectionSpecification, supportedDestinationSyncModes } = await connector.spec();
  const isKnown = connectionSpecification !== permissiveSpecification;
  return {
    [`${kind}DefinitionId`]: definitionId,
    ...(connector.documentationUrl ? { documentationUrl: connector.documentationUrl } : {}),
    connectionSpecification: isKnown ? connectionSpecification : unknownSpecification,
    ...shownSimulation(connector),
    jobInfo: synchronousJob("get_spec", { configId: definitionId, begun, note: simulationNote(connector) }),
    ...(kind === "destination" ? { supportedDestinationSyncModes } : {}),
  };
}

const showKnown = (connector: Connector) => ({
  [`${connector.kind}DefinitionId`]: connector.definitionId,
  ...shownConnector(connector),
  custom: false,
});

const oneProject = inWorkspace.extend({ builderProjectId: id });
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
      oneProject.extend({ name: z.string(), initialDeclarativeManifest: published }),
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
    post(
      "/connector_builder_projects/get_with_manifest",
      oneProject.extend({ version: z.int().nullish() }),
      (given) => {
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
      },
    ),
    post("/connector_builder_projects/delete", oneProject, ({ builderProjectId, workspaceId }) => {
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
