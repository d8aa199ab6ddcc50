import { z } from "zod";
import type { Client } from "../../api/client.ts";
import { restCalls, type ObjectCalls } from "../../api/object-calls.ts";
import { defaultOrganization, listOrganizations } from "../../api/organizations.ts";
import { onePage } from "../../api/rest.ts";
import { ask, remove } from "../../api/rpc.ts";

export interface Region {
  id: string;
  name: string;
  organizationId: string;
  enabled: boolean;
}

/** The organization whose regions are meant; left out, of all that the application sees. */
export interface Scope {
  organizationId?: string;
}

export interface RegionBody extends Scope {
  /** Unique in the organization. */
  name: string;
  organizationId: string;
  enabled?: boolean;
}

export type RegionCalls = ObjectCalls<Region, RegionBody, Scope>;

const PublicAnswer = z
  .looseObject({ regionId: z.string(), name: z.string(), organizationId: z.string(), enabled: z.boolean() })
  .transform(({ regionId: id, name, organizationId, enabled }): Region => ({ id, name, organizationId, enabled }));

function publicRegions(client: Client): RegionCalls {
  const calls = restCalls<Region, RegionBody, Scope>(client, {
    one: "region",
    schema: PublicAnswer,
    path: () => "/regions",
    query: ({ organizationId }): Record<string, string> => (organizationId === undefined ? {} : { organizationId }),
    name: ({ name }) => name,
    creation: ({ name, organizationId, enabled }) => ({ name, organizationId, enabled }),
    change: { method: "PATCH", body: ({ name, enabled }) => ({ name, enabled }) },
  });
  return {
    ...calls,
    // The server wants to know the organization.
    async list({ organizationId }) {
      const scopes = organizationId === undefined ? await listOrganizations(client) : [{ organizationId }];
      return (await Promise.all(scopes.map((scope) => calls.list(scope)))).flat();
    },
  };
}

const ConfigAnswer = z
  .looseObject({ dataplane_group_id: z.string(), name: z.string(), organization_id: z.string(), enabled: z.boolean() })
  .transform(({ dataplane_group_id: id, name, organization_id: organizationId, enabled }): Region => {
    return { id, name, organizationId, enabled };
  });

/** The config API calls a region a data plane group, spells its keys otherwise than those of all else, and has no call for a single one. */
function configRegions(client: Client): RegionCalls {
  const at = (call: string) => `/dataplane_group/${call}`;
  const list = async ({ organizationId }: Scope) => {
    const organization = organizationId ?? (await defaultOrganization(client));
    const call = { schema: z.looseObject({ dataplaneGroups: z.array(ConfigAnswer) }), doing: "list regions" };
    const { dataplaneGroups } = await ask(client, at("list"), { organization_id: organization }, call, true);
    // The server's list has those of the installation's own organization too.
    return dataplaneGroups.filter((found) => organization === undefined || found.organizationId === organization);
  };
  const doing = (what: string, name: string) => ({
    schema: ConfigAnswer,
    doing: `${what} region ${JSON.stringify(name)}`,
  });
  return {
    list,
    listing: (scope) => ({ key: `regions ${scope.organizationId ?? ""}`, pages: () => onePage(() => list(scope)) }),
    create: ({ name, organizationId, enabled = true }) =>
      ask(client, at("create"), { name, organization_id: organizationId, enabled }, doing("create", name)),
    get: async (id, scope) => (await list(scope)).find((region) => region.id === id),
    update: (id, { name, enabled }) =>
      ask(client, at("update"), { dataplane_group_id: id, name, enabled }, doing("update", name), true),
    delete: (id) => remove(client, at("delete"), { dataplane_group_id: id }, `delete region ${id}`),
  };
}

export const regionCalls = { called: "regions", public: publicRegions, config: configRegions };
