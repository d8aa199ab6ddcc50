import { randomUUID } from "node:crypto";
import { notFound, Problem } from "../problems.ts";
import type { Region } from "../state.ts";
import type { Platform } from "./platform.ts";

type Regions = Pick<Platform, "store">;

/**
 * Regions are kept and shown, and change nothing: this machine is the only one where syncs run. The real server refuses those of an
 * organization without the feature (403 `error:license/entitlement`); here everybody has it.
 */
export function listRegions({ store }: Regions, organizationId: string): Region[] {
  return store.regions.all().filter((region) => region.organizationId === organizationId);
}

export function findRegion({ store }: Regions, id: string): Region {
  const region = store.regions.get(id);
  if (!region) throw notFound("dataplane_group", id);
  return region;
}

export function createRegion(
  platform: Regions,
  { name, organizationId, enabled }: { name: string; organizationId: string; enabled?: boolean | null | undefined },
): Region {
  if (!platform.store.organizations.get(organizationId)) throw notFound("organization", organizationId);
  requireFree(platform, organizationId, name);
  const now = Date.now();
  const times = { createdAt: now, updatedAt: now };
  return platform.store.regions.put({ id: randomUUID(), name, organizationId, enabled: enabled ?? true, ...times });
}

/** What is null or absent stays. */
export function updateRegion(
  platform: Regions,
  id: string,
  { name, enabled }: { name?: string | null | undefined; enabled?: boolean | null | undefined },
): Region {
  const region = findRegion(platform, id);
  if (name !== region.name && name) requireFree(platform, region.organizationId, name);
  const changed = { name: name ?? region.name, enabled: enabled ?? region.enabled, updatedAt: Date.now() };
  return platform.store.regions.put({ ...region, ...changed });
}

export function deleteRegion(platform: Regions, id: string): Region {
  const region = findRegion(platform, id);
  platform.store.regions.remove(id);
  return region;
}

function requireFree(platform: Regions, organizationId: string, name: string): void {
  if (!listRegions(platform, organizationId).some((other) => other.name === name)) return;
  throw new Problem(409, "error:dataplane-group-name-already-exists", "A region with this name already exists.", {
    message: `A region with the name ${name} already exists`,
  });
}
