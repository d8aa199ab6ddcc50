import { z } from "zod";
import type { Instance } from "../../instance.ts";
import {
  changePermission,
  createApplication,
  createPermission,
  deleteApplication,
  findPermission,
  listApplications,
  permissionType,
  shownApplication,
  shownPermission,
} from "../../platform/access.ts";
import { notFound, withoutReason } from "../../problems.ts";
import { grantToken } from "../authentication.ts";
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
