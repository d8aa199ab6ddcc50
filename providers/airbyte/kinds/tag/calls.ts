import { z } from "zod";
import type { Client } from "../../api/client.ts";
import { onePage } from "../../api/rest.ts";
import { ask, remove } from "../../api/rpc.ts";
import { restCalls, type InWorkspace, type ObjectCalls } from "../../api/object-calls.ts";

export interface Tag {
  id: string;
  workspaceId: string;
  name: string;
  color: string;
}

export interface TagBody extends InWorkspace {
  /** At most 30 characters, unique in the workspace. */
  name: string;
  /** Six hexadecimal digits, without `#`. */
  color: string;
}

type TagCalls = ObjectCalls<Tag, TagBody, InWorkspace>;

const Answer = z
  .looseObject({ tagId: z.string(), workspaceId: z.string(), name: z.string(), color: z.string() })
  .transform(({ tagId, workspaceId, name, color }): Tag => ({ id: tagId, workspaceId, name, color }));

function publicTags(client: Client): TagCalls {
  return restCalls<Tag, TagBody, InWorkspace>(client, {
    one: "tag",
    schema: Answer,
    path: () => "/tags",
    query: ({ workspaceId }) => ({ workspaceIds: workspaceId }),
    name: ({ name }) => name,
    creation: ({ name, color, workspaceId }) => ({ name, color, workspaceId }),
    change: { method: "PATCH", body: ({ name, color }) => ({ name, color }) },
  });
}

/** The config API has no call for a single tag. */
function configTags(client: Client): TagCalls {
  const list = ({ workspaceId }: InWorkspace) =>
    ask(client, "/tags/list", { workspaceId }, { schema: z.array(Answer), doing: "list tags" }, true);
  return {
    list,
    listing: (scope) => ({ key: `tags ${scope.workspaceId}`, pages: () => onePage(() => list(scope)) }),
    create({ name, color, workspaceId }) {
      const call = { schema: Answer, doing: `create tag ${JSON.stringify(name)}` };
      return ask(client, "/tags/create", { name, color, workspaceId }, call);
    },
    async get(id, scope) {
      return (await list(scope)).find((tag) => tag.id === id);
    },
    update(tagId, { name, color, workspaceId }) {
      const call = { schema: Answer, doing: `update tag ${JSON.stringify(name)}` };
      return ask(client, "/tags/update", { tagId, workspaceId, name, color }, call, true);
    },
    async delete(tagId, { workspaceId }) {
      await remove(client, "/tags/delete", { tagId, workspaceId }, `delete tag ${tagId}`);
    },
  };
}

export const tagCalls = { called: "tags", public: publicTags, config: configTags };
