import { z } from "zod";
import {
  changePermission,
  createApplication,
  createPermission,
  createRegion,
  deleteApplication,
  deleteRegion,
  findPermission,
  listApplications,
  listRegions,
  permissionType,
  shownApplication,
  shownPermission,
  updateRegion,
} from "../../platform/access.ts";
import { notFound, withoutReason } from "../../problems.ts";
import type { Region } from "../../state.ts";
import { grantToken, type Instance } from "../requests.ts";
import { get, id, nothing, post, type Route } from "./route.ts";

/** Health, the instance, and its applications. */
export function installation(instance: Instance): Route[] {
  return [
    get("/health", () => ({ available: true })),
    get("/instance_configuration", () => instanceConfiguration(instance)),
    // As in Airbyte itself: anybody may do it, and again.
    post("/instance_configuration/setup", setup, (given) => setUp(instance, given), { anonymous: true }),
    {
      method: "POST",
      path: "/applications/token",
      anonymous: true,
      // The public API says how long it is good, this one doesn't.
      answer: async (c) => ({ access_token: (await grantToken(instance, c)).access_token }),
    },
    post("/applications/list", nothing, () => ({ applications: listApplications(instance).map(shownApplication) })),
    post("/applications/create", z.object({ name: z.string() }), ({ name }) => {
      return shownApplication(createApplication(instance, name));
    }),
    post("/applications/delete", z.object({ applicationId: id }), ({ applicationId }) => {
      return shownApplication(deleteApplication(instance, applicationId));
    }),
  ];
}

const setup = z.object({
  email: z.string(),
  anonymousDataCollection: z.boolean(),
  initialSetupComplete: z.boolean(),
  displaySetupWizard: z.boolean(),
  organizationName: z.string().optional(),
});

function setUp(instance: Instance, { email, organizationName }: z.output<typeof setup>) {
  const [organization] = instance.store.organizations.all();
  if (organization)
    instance.store.organizations.put({ ...organization, email, name: organizationName ?? organization.name });
  return instanceConfiguration(instance);
}

function instanceConfiguration({ url, version, options, store }: Instance) {
  const [organization] = store.organizations.all();
  return {
    version,
    edition: "community",
    auth: { mode: options.auth },
    airbyteUrl: url,
    initialSetupComplete: true,
    defaultUserId: store.users.all()[0]?.id,
    defaultOrganizationId: organization?.id,
    defaultOrganizationEmail: organization?.email,
    // Today's Airbyte doesn't tell.
    ...(options.publicApi ? {} : { defaultWorkspaceId: store.workspaces.all().find(({ deleted }) => !deleted)?.id }),
    trackingStrategy: "logging",
  };
}

const one = z.object({ permissionId: id });
const ofUser = z.object({ userId: id });
const creation = ofUser.extend({ permissionType, workspaceId: id.nullish(), organizationId: id.nullish() });

/** `permissions/…` and `users/…`. */
export function access(instance: Instance): Route[] {
  const { store } = instance;
  return [
    post("/permissions/create", creation, (given) => shownPermission(createPermission(instance, given))),
    post("/permissions/get", one, ({ permissionId }) => shownPermission(findPermission(instance, permissionId))),
    // The answer is empty.
    post("/permissions/update", one.extend({ permissionType }), (given) => {
      withoutReason(() => changePermission(instance, given.permissionId, given.permissionType));
    }),
    post("/permissions/delete", one, ({ permissionId }) => {
      store.permissions.remove(withoutReason(() => findPermission(instance, permissionId)).id);
    }),
    post("/permissions/list_by_user", ofUser, ({ userId }) => {
      const own = store.permissions.all().filter((permission) => permission.userId === userId);
      return { permissions: own.map(shownPermission) };
    }),
    post("/users/get_by_email", z.object({ email: z.string() }), ({ email }) => {
      const user = store.users.all().find((candidate) => candidate.email.toLowerCase() === email.toLowerCase());
      if (!user) throw notFound("user", email);
      return { userId: user.id, name: user.name, email: user.email, metadata: {} };
    }),
  ];
}

const ofOrganization = z.object({ organization_id: id });
const oneRegion = z.object({ dataplane_group_id: id });
const regionSettings = { name: z.string().nullish(), enabled: z.boolean().nullish() };

/** `dataplane_group/…`: a region under its older name, its keys in snake case as nowhere else here. There is no call for a single one. */
export function regions(instance: Instance): Route[] {
  return [
    post("/dataplane_group/list", ofOrganization, ({ organization_id }) => {
      return { dataplaneGroups: listRegions(instance, organization_id).map(shownRegion) };
    }),
    post(
      "/dataplane_group/create",
      ofOrganization.extend({ name: z.string(), enabled: z.boolean() }),
      ({ organization_id: organizationId, ...given }) =>
        shownRegion(createRegion(instance, { ...given, organizationId })),
    ),
    post("/dataplane_group/update", oneRegion.extend(regionSettings), ({ dataplane_group_id, ...given }) => {
      return shownRegion(updateRegion(instance, dataplane_group_id, given));
    }),
    post("/dataplane_group/delete", oneRegion, ({ dataplane_group_id }) =>
      shownRegion(deleteRegion(instance, dataplane_group_id)),
    ),
  ];
}

function shownRegion({ id: dataplane_group_id, name, organizationId: organization_id, enabled, ...times }: Region) {
  const [created_at, updated_at] = [times.createdAt, times.updatedAt].map((time) => new Date(time).toISOString());
  return { dataplane_group_id, name, organization_id, enabled, dataplanes: [], created_at, updated_at };
}
