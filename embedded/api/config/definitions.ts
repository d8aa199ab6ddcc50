import { z } from "zod";
import type { Connector } from "../../connectors/connector.ts";
import type { ConnectorKind, CustomDefinition } from "../../state.ts";
import { permissiveSpecification } from "../../connectors/simulated.ts";
import type { Instance } from "../../instance.ts";
import { isObject, type JsonObject } from "../../json.ts";
import { connectorOf } from "../../platform/actors.ts";
import {
  changeableDefinition,
  createDefinition,
  customDefinition,
  customSimulation,
  deleteDefinition,
  knownConnectors,
  seenFrom,
  shownSimulation,
  shownVersion,
  simulationNote,
} from "../../platform/definitions.ts";
import { findWorkspace } from "../../platform/workspaces.ts";
import { of } from "./actors.ts";
import { id, inWorkspace, nothing, post, type Route } from "./route.ts";
import { synchronousJob } from "./synchronous-job.ts";

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
    ...showCustom(definition),
    ...customSimulation(instance, definition),
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

function showKnown(connector: Connector) {
  const { kind, definitionId, name, dockerRepository, documentationUrl } = connector;
  return {
    [`${kind}DefinitionId`]: definitionId,
    name,
    dockerRepository,
    dockerImageTag: shownVersion(connector),
    ...(documentationUrl ? { documentationUrl } : {}),
    ...shownSimulation(connector),
    custom: false,
  };
}

function showCustom({
  kind,
  id: definitionId,
  name,
  dockerRepository,
  dockerImageTag,
  documentationUrl,
}: CustomDefinition) {
  return {
    [`${kind}DefinitionId`]: definitionId,
    name,
    dockerRepository,
    dockerImageTag,
    ...(documentationUrl ? { documentationUrl } : {}),
    custom: true,
    supportLevel: "none",
    releaseStage: "custom",
  };
}
