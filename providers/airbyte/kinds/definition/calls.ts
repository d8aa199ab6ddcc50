import { z } from "zod";
import { UserError } from "../../../../errors/user-error.ts";
import type { ActorKind } from "../../api/words.ts";
import type { Client } from "../../api/client.ts";
import { AirbyteError } from "../../api/errors.ts";
import { onePage } from "../../api/rest.ts";
import { ask, find, remove } from "../../api/rpc.ts";
import { restCalls, type InWorkspace, type ObjectCalls } from "../../api/object-calls.ts";

/** A connector of a workspace's own, as a Docker image. */
export interface ConnectorDefinition {
  id: string;
  name: string;
  dockerRepository: string;
  dockerImageTag: string;
}

export interface DefinitionBody extends InWorkspace {
  name: string;
  dockerRepository: string;
  dockerImageTag: string;
  documentationUrl?: string | undefined;
}

type DefinitionCalls = ObjectCalls<ConnectorDefinition, DefinitionBody, InWorkspace>;

const shown = { name: z.string(), dockerRepository: z.string(), dockerImageTag: z.string() };

function publicDefinitions(client: Client, kind: ActorKind): DefinitionCalls {
  const calls = restCalls<ConnectorDefinition, DefinitionBody, InWorkspace>(client, {
    one: `${kind} definition`,
    schema: z.looseObject({ id: z.string(), ...shown }),
    path: ({ workspaceId }) => `/workspaces/${workspaceId}/definitions/${kind}s`,
    name: ({ name }) => name,
    creation: image,
    change: { method: "PUT", body: ({ name, dockerImageTag }) => ({ name, dockerImageTag }) },
  });
  return { ...calls, create: (body) => calls.create(body).catch(explainCloud) };
}

function configDefinitions(client: Client, kind: ActorKind): DefinitionCalls {
  const idKey = `${kind}DefinitionId`;
  const schema = z
    .looseObject({ [idKey]: z.string(), ...shown })
    .transform((answer) => ({ ...(answer as Omit<ConnectorDefinition, "id">), id: String(answer[idKey]) }));
  const at = (call: string) => `/${kind}_definitions/${call}`;
  const list = async ({ workspaceId }: InWorkspace) => {
    const listKey = `${kind}Definitions`;
    const call = { schema: z.looseObject({ [listKey]: z.array(schema) }), doing: `list ${kind} definitions` };
    const answer = await ask(client, at("list_for_workspace"), { workspaceId }, call, true);
    return answer[listKey] as ConnectorDefinition[];
  };
  return {
    list,
    listing: (scope) => ({ key: `${kind} definitions ${scope.workspaceId}`, pages: () => onePage(() => list(scope)) }),
    create(body) {
      const creation = { workspaceId: body.workspaceId, [`${kind}Definition`]: image(body) };
      const doing = `create ${kind} definition ${JSON.stringify(body.name)}`;
      return ask(client, at("create_custom"), creation, { schema, doing });
    },
    get: (id) => find(client, at("get"), { [idKey]: id }, { schema, doing: `read ${kind} definition ${id}` }),
    update(id, { name, dockerImageTag, workspaceId }) {
      const doing = `update ${kind} definition ${JSON.stringify(name)}`;
      return ask(client, at("update"), { [idKey]: id, workspaceId, name, dockerImageTag }, { schema, doing }, true);
    },
    async delete(id) {
      await remove(client, at("delete"), { [idKey]: id }, `delete ${kind} definition ${id}`);
    },
  };
}

// The address of the documentation must be there, and may be empty.
function image({ name, dockerRepository, dockerImageTag, documentationUrl = "" }: DefinitionBody) {
  return { name, dockerRepository, dockerImageTag, documentationUrl };
}

function explainCloud(error: unknown): never {
  if (!(error instanceof AirbyteError) || error.status !== 400 || !error.serverMessage.includes("Airbyte Cloud")) {
    throw error;
  }
  throw new UserError(`Airbyte Cloud runs no Docker images of one's own: ${error.serverMessage}`, {
    next: `describe the connector by a low-code manifest (DeclarativeSourceDefinition), or use a self-managed Airbyte.`,
  });
}

export function definitionCalls(kind: ActorKind) {
  return {
    called: "connectors of one's own",
    public: (client: Client) => publicDefinitions(client, kind),
    config: (client: Client) => configDefinitions(client, kind),
  };
}
