import { z } from "zod";
import { UserError } from "../../../../errors/user-error.ts";
import type { Client } from "../../api/client.ts";
import { onePage } from "../../api/rest.ts";
import { ask, remove } from "../../api/rpc.ts";
import { restCalls, type ObjectCalls } from "../../api/object-calls.ts";

/** What a program signs in with. */
export interface Application {
  id: string;
  name: string;
  clientId: string;
  clientSecret: string;
  /** Epoch seconds. */
  createdAt: number;
}

export interface ApplicationBody {
  name: string;
}

type ApplicationCalls = ObjectCalls<Application, ApplicationBody, object>;

const Answer = z.looseObject({
  id: z.string(),
  name: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  createdAt: z.number(),
});

function publicApplications(client: Client): ApplicationCalls {
  const calls = restCalls<Application, ApplicationBody, object>(client, {
    one: "application",
    schema: Answer,
    path: () => "/applications",
    listKey: "applications",
    name: ({ name }) => name,
    creation: ({ name }) => ({ name }),
    change: { method: "PATCH", body: () => ({}) },
  });
  return onlyManaged({ ...calls, update: (id) => unchanged(calls, id) });
}

function configApplications(client: Client): ApplicationCalls {
  const calls: Omit<ApplicationCalls, "update"> = {
    async list() {
      const call = { schema: z.looseObject({ applications: z.array(Answer) }), doing: "list applications" };
      const { applications } = await ask(client, "/applications/list", {}, call, true);
      return applications;
    },
    listing: () => ({ key: "applications", pages: () => onePage(() => calls.list({})) }),
    create({ name }) {
      const call = { schema: Answer, doing: `create application ${JSON.stringify(name)}` };
      return ask(client, "/applications/create", { name }, call);
    },
    get: async (id) => (await calls.list({})).find((application) => application.id === id),
    async delete(id) {
      await remove(client, "/applications/delete", { applicationId: id }, `delete application ${id}`);
    },
  };
  return onlyManaged({ ...calls, update: (id) => unchanged(calls, id) });
}

/** Nothing of an application can be changed, so what is there is all that it can be. */
async function unchanged(calls: Pick<ApplicationCalls, "get">, id: string): Promise<Application> {
  const found = await calls.get(id, {});
  if (!found) throw new UserError(`Application ${id} was deleted in Airbyte by hand.`);
  return found;
}

/** A server with simple authentication shows its one application under another id each time, and can make none. */
function onlyManaged(calls: ApplicationCalls): ApplicationCalls {
  return {
    ...calls,
    async unavailable() {
      const [first] = await calls.list({});
      const [again] = await calls.list({});
      if (!first || first.id === again?.id || first.clientId !== again?.clientId) return undefined;
      return (
        "this Airbyte signs in by simple authentication, with the one application of its installation: " +
        "applications can't be managed there. Take them out of the program, or use Airbyte Cloud or an Airbyte with users of its own."
      );
    },
  };
}

export const applicationCalls = { called: "applications", public: publicApplications, config: configApplications };
