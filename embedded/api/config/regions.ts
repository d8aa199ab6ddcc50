import { z } from "zod";
import type { Instance } from "../../instance.ts";
import { createRegion, deleteRegion, listRegions, updateRegion } from "../../platform/regions.ts";
import type { Region } from "../../state.ts";
import { id, post, type Route } from "./route.ts";

const ofOrganization = z.object({ organization_id: id });
const one = z.object({ dataplane_group_id: id });
const settings = { name: z.string().nullish(), enabled: z.boolean().nullish() };

/** `dataplane_group/…`: a region under its older name, its keys in snake case as nowhere else here. There is no call for a single one. */
export function regions(instance: Instance): Route[] {
  return [
    post("/dataplane_group/list", ofOrganization, ({ organization_id }) => {
      return { dataplaneGroups: listRegions(instance, organization_id).map(shown) };
    }),
    post(
      "/dataplane_group/create",
      ofOrganization.extend({ name: z.string(), enabled: z.boolean() }),
      ({ organization_id: organizationId, ...given }) => shown(createRegion(instance, { ...given, organizationId })),
    ),
    post("/dataplane_group/update", one.extend(settings), ({ dataplane_group_id, ...given }) => {
      return shown(updateRegion(instance, dataplane_group_id, given));
    }),
    post("/dataplane_group/delete", one, ({ dataplane_group_id }) => shown(deleteRegion(instance, dataplane_group_id))),
  ];
}

function shown({ id: dataplane_group_id, name, organizationId: organization_id, enabled, ...times }: Region) {
  const [created_at, updated_at] = [times.createdAt, times.updatedAt].map((time) => new Date(time).toISOString());
  return { dataplane_group_id, name, organization_id, enabled, dataplanes: [], created_at, updated_at };
}
