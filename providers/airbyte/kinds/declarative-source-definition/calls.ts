import { z } from "zod";
import type { Client } from "../../api/client.ts";
import { ask, find, remove } from "../../api/rpc.ts";
import type { JsonObject } from "../../api/types.ts";
import { restCalls, type InWorkspace, type ObjectCalls } from "../../api/object-calls.ts";

/** A source connector of a workspace's own, described by a low-code manifest. */
export interface DeclarativeSource {
  id: string;
  name: string;
  manifest: JsonObject;
  /** Of the manifest; Airbyte counts it up with each change. */
  version: number;
}

export interface DeclarativeSourceBody extends InWorkspace {
  name: string;
  manifest: JsonObject;
}

type DeclarativeSourceCalls = ObjectCalls<DeclarativeSource, DeclarativeSourceBody, InWorkspace>;

const Manifest = z.record(z.string(), z.any()) as unknown as z.ZodType<JsonObject>;

function publicDeclarativeSources(client: Client): DeclarativeSourceCalls {
  return restCalls<DeclarativeSource, DeclarativeSourceBody, InWorkspace>(client, {
    one: "declarative source definition",
    schema: z.looseObject({ id: z.string(), name: z.string(), manifest: Manifest, version: z.number() }),
    path: ({ workspaceId }) => `/workspaces/${workspaceId}/definitions/declarative_sources`,
    name: ({ name }) => name,
    creation: ({ name, manifest }) => ({ name, manifest }),
    change: { method: "PUT", body: ({ manifest }) => ({ manifest }) },
  });
}

const Project = z.looseObject({
  builderProject: z.looseObject({ name: z.string() }),
  declarativeManifest: z.looseObject({ manifest: Manifest, version: z.number().nullish() }).nullish(),
});

/** In the config API such a connector is a published project of the connector builder, and no list shows its manifest. */
function configDeclarativeSources(client: Client): DeclarativeSourceCalls {
  // Every workspace of the organization sees the connector, but its project is in the one that it was made in.
  const projectOf = async (id: string, asking: string, doing: string) => {
    const schema = z.looseObject({ builderProjectId: z.string(), workspaceId: z.string().nullish() });
    const body = { actorDefinitionId: id, workspaceId: asking };
    const found = await find(client, "/connector_builder_projects/get_for_definition_id", body, { schema, doing });
    return found && { builderProjectId: found.builderProjectId, workspaceId: found.workspaceId ?? asking };
  };

  const versionsOf = async (id: string, workspaceId: string, doing: string): Promise<ManifestVersion[]> => {
    const schema = z.looseObject({ manifestVersions: z.array(ManifestVersion) });
    const body = { sourceDefinitionId: id, workspaceId };
    const found = await find(client, "/declarative_source_definitions/list_manifests", body, { schema, doing });
    return found?.manifestVersions ?? [];
  };

  const get = async (id: string, { workspaceId }: InWorkspace): Promise<DeclarativeSource | undefined> => {
    const doing = `read declarative source definition ${id}`;
    const found = await projectOf(id, workspaceId, doing);
    if (!found) return undefined;
    // Without a version the answer would be the draft that somebody edits in the builder, where there is one.
    const version = (await versionsOf(id, workspaceId, doing)).find(({ isActive }) => isActive)?.version;
    const body = { ...found, version };
    const path = "/connector_builder_projects/get_with_manifest";
    const project = await find(client, path, body, { schema: Project, doing });
    if (!project?.declarativeManifest) return undefined;
    const { name } = project.builderProject;
    return { id, name, manifest: project.declarativeManifest.manifest, version: version ?? 1 };
  };

  return {
    get,
    async list({ workspaceId }) {
      const doing = "list declarative source definitions";
      const schema = z.looseObject({ sourceDefinitions: z.array(Listed) });
      const path = "/source_definitions/list_for_workspace";
      const { sourceDefinitions } = await ask(client, path, { workspaceId }, { schema, doing }, true);
      const low = sourceDefinitions.filter(({ dockerRepository }) => dockerRepository === RUNNER);
      const found = await Promise.all(low.map((listed) => get(listed.sourceDefinitionId, { workspaceId })));
      return found.filter((source) => source !== undefined);
    },
    async create({ name, manifest, workspaceId }) {
      const doing = `create declarative source definition ${JSON.stringify(name)}`;
      const draft = { workspaceId, builderProject: { name, draftManifest: manifest } };
      const project = { schema: z.looseObject({ builderProjectId: z.string() }), doing };
      const { builderProjectId } = await ask(client, "/connector_builder_projects/create", draft, project);
      const publication = { workspaceId, builderProjectId, name, initialDeclarativeManifest: version(manifest, 1) };
      const published = { schema: z.looseObject({ sourceDefinitionId: z.string() }), doing };
      const { sourceDefinitionId } = await ask(client, "/connector_builder_projects/publish", publication, published);
      return { id: sourceDefinitionId, name, manifest, version: 1 };
    },
    async update(sourceDefinitionId, { name, manifest, workspaceId }) {
      const doing = `update declarative source definition ${JSON.stringify(name)}`;
      const versions = await versionsOf(sourceDefinitionId, workspaceId, doing);
      const next = Math.max(0, ...versions.map((known) => known.version)) + 1;
      const change = {
        workspaceId,
        sourceDefinitionId,
        setAsActiveManifest: true,
        declarativeManifest: version(manifest, next),
      };
      await ask(client, "/declarative_source_definitions/create_manifest", change, { doing });
      return { id: sourceDefinitionId, name, manifest, version: next };
    },
    async delete(id, { workspaceId }) {
      const doing = `delete declarative source definition ${id}`;
      const project = await projectOf(id, workspaceId, doing);
      if (project) await remove(client, "/connector_builder_projects/delete", { ...project }, doing);
      await remove(client, "/source_definitions/delete", { sourceDefinitionId: id }, doing);
    },
  };
}

/** The image that runs every manifest. */
const RUNNER = "airbyte/source-declarative-manifest";

const Listed = z.looseObject({ sourceDefinitionId: z.string(), dockerRepository: z.string().nullish() });
const ManifestVersion = z.looseObject({ version: z.number(), isActive: z.boolean() });
type ManifestVersion = z.infer<typeof ManifestVersion>;

// The manifest names its specification in snake case, what publishes it wants it in camel case.
function version(manifest: JsonObject, number: number) {
  const spec = (manifest.spec ?? {}) as JsonObject;
  const connectionSpecification = spec.connection_specification ?? {};
  return { version: number, description: "", manifest, spec: { ...spec, connectionSpecification } };
}

export const declarativeSourceDefinitionCalls = {
  called: "low-code connectors",
  public: publicDeclarativeSources,
  config: configDeclarativeSources,
};
