import { Hono, type Context } from "hono";
import { z } from "zod";
import type { Connector } from "../../connectors/connector.ts";
import {
  changeableDefinition,
  changeManifest,
  createDefinition,
  createProject,
  customDefinition,
  customSimulation,
  deleteDefinition,
  knownConnectors,
  publish,
  seenFrom,
  shownConnector,
  shownDefinition,
} from "../../platform/definitions.ts";
import { findWorkspace } from "../../platform/platform.ts";
import type { ConnectorKind, CustomDefinition } from "../../state.ts";
import { body, check, idParam, object, type Instance } from "../requests.ts";

const updateSchema = z.object({ name: z.string(), dockerImageTag: z.string() });
const createSchema = updateSchema.extend({ dockerRepository: z.string(), documentationUrl: z.string().nullish() });
const manifestSchema = z.object({ manifest: object });
const createManifestSchema = manifestSchema.extend({ name: z.string() });

/** `/workspaces/{workspaceId}/definitions/…`: all answer 200 with a body, DELETE as well. */
export function definitions(instance: Instance): Hono {
  return new Hono()
    .route("/sources", images(instance, "source"))
    .route("/destinations", images(instance, "destination"))
    .route("/declarative_sources", manifests(instance));
}

/** `GET /connector_definitions?type=&workspaceId=`: Airbyte's and the workspace's. */
export function connectorDefinitions(instance: Instance): Hono {
  return new Hono().get("/", (c) => {
    const kind = check(z.enum(["source", "destination"]), c.req.query("type"));
    const custom = instance.store.definitions.all().filter(seenFrom(instance, c.req.query("workspaceId") ?? ""));
    const data = [
      ...knownConnectors(instance, kind).map(showKnown),
      ...custom.filter((definition) => definition.kind === kind).map((definition) => showCustom(instance, definition)),
    ];
    return c.json({ data: data.map((definition) => ({ ...definition, version: definition.dockerImageTag })) });
  });
}

// Connectors as Docker images.
function images(instance: Instance, kind: ConnectorKind): Hono {
  const { store } = instance;
  const mine = (c: Context) => (definition: CustomDefinition) =>
    definition.kind === kind && definition.workspaceId === workspaceOf(instance, c) && !definition.manifest;
  const own = (c: Context) => changeableDefinition(instance, kind, idParam(c, "definitionId"), mine(c));
  return new Hono()
    .get("/", (c) => {
      const own = store.definitions.all().filter(mine(c));
      return c.json({
        data: [
          ...knownConnectors(instance, kind).map(showKnown),
          ...own.map((definition) => showCustom(instance, definition)),
        ],
        previous: "",
        next: "",
      });
    })
    .post("/", async (c) => {
      const given = await body(c, createSchema);
      return c.json(showCustom(instance, createDefinition(instance, kind, workspaceOf(instance, c), given)));
    })
    .get("/:definitionId", (c) => {
      const id = idParam(c, "definitionId");
      const found = knownConnectors(instance, kind).find(({ definitionId }) => definitionId === id);
      return c.json(found ? showKnown(found) : showCustom(instance, customDefinition(instance, id, mine(c))));
    })
    .put("/:definitionId", async (c) => {
      const given = await body(c, updateSchema);
      return c.json(showCustom(instance, store.definitions.put({ ...own(c), ...given })));
    })
    .delete("/:definitionId", (c) => {
      const definition = own(c);
      deleteDefinition(instance, definition);
      return c.json(showCustom(instance, definition));
    });
}

// Low-code connectors. Their name can't be changed.
function manifests(instance: Instance): Hono {
  const { store } = instance;
  const mine = (c: Context) => {
    const isSeen = seenFrom(instance, workspaceOf(instance, c));
    return (definition: CustomDefinition) => definition.manifest !== null && isSeen(definition);
  };
  const own = (c: Context) => customDefinition(instance, idParam(c, "definitionId"), mine(c));
  const shown = (definition: CustomDefinition) => showManifest(instance, definition);
  return new Hono()
    .get("/", (c) => {
      return c.json({ data: store.definitions.all().filter(mine(c)).map(shown), previous: "", next: "" });
    })
    .post("/", async (c) => {
      const { name, manifest } = await body(c, createManifestSchema);
      const project = createProject(instance, workspaceOf(instance, c), name, manifest);
      return c.json(shown(publish(instance, project, name, manifest)));
    })
    .get("/:definitionId", (c) => c.json(shown(own(c))))
    .put("/:definitionId", async (c) => {
      const { manifest } = await body(c, manifestSchema);
      return c.json(shown(changeManifest(instance, own(c), manifest)));
    })
    .delete("/:definitionId", (c) => {
      const definition = own(c);
      deleteDefinition(instance, definition);
      return c.json(shown(definition));
    });
}

function workspaceOf(instance: Instance, c: Context): string {
  return findWorkspace(instance, idParam(c, "workspaceId")).id;
}

const showKnown = (connector: Connector) => ({ id: connector.definitionId, ...shownConnector(connector) });

const showCustom = (instance: Instance, definition: CustomDefinition) => ({
  id: definition.id,
  ...shownDefinition(instance, definition),
});

function showManifest(instance: Instance, definition: CustomDefinition) {
  const { id, name, manifest, version } = definition;
  return { id, name, manifest, version, ...customSimulation(instance, definition) };
}
