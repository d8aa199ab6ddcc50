import { z } from "zod";
import type { Client } from "./client.ts";
import { ifOffered } from "./rpc.ts";

// What an installation is, and which organizations it has.

/** In the public API. */
export async function listOrganizations(client: Client): Promise<{ organizationId: string }[]> {
  const organization = z.looseObject({ organizationId: z.string() });
  const schema = z.looseObject({ data: z.array(organization) });
  const { data } = await client.call({ method: "GET", path: "/organizations", schema, doing: "list organizations" });
  return data.map(({ organizationId }) => ({ organizationId }));
}

interface Installation {
  defaultOrganizationId?: string | null | undefined;
  defaultUserId?: string | null | undefined;
  defaultWorkspaceId?: string | null | undefined;
}
const installations = new WeakMap<Client, Installation>();

/** What doesn't change while a program runs, so it is asked for once. Empty where the server doesn't tell. */
export async function installation(client: Client): Promise<Installation> {
  const known = installations.get(client);
  if (known) return known;
  const id = z.string().nullish();
  const schema = z.looseObject({ defaultOrganizationId: id, defaultUserId: id, defaultWorkspaceId: id });
  const call = { path: "/instance_configuration", schema, doing: "read what the installation is" };
  const found = (await ifOffered(() => client.call({ method: "GET", api: "config", ...call }))) ?? {};
  installations.set(client, found);
  return found;
}

/** In the config API: the one that a self-managed installation has. */
export async function defaultOrganization(client: Client): Promise<string | undefined> {
  return (await installation(client)).defaultOrganizationId ?? undefined;
}
