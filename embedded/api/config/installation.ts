import { z } from "zod";
import type { Instance } from "../../instance.ts";
import { createApplication, deleteApplication, listApplications } from "../../platform/applications.ts";
import { grantToken } from "../authentication.ts";
import { shownApplication } from "../public/applications.ts";
import { get, id, nothing, post, type Route } from "./route.ts";

/** Health, the instance, and its applications. */
export function installation(instance: Instance): Route[] {
  return [
    get("/health", () => ({ available: true })),
    get("/instance_configuration", () => instanceConfiguration(instance)),
    // As in Airbyte itself: anybody may do it, and again.
    post("/instance_configuration/setup", Setup, (given) => setUp(instance, given), { anonymous: true }),
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

const Setup = z.object({
  email: z.string(),
  anonymousDataCollection: z.boolean(),
  initialSetupComplete: z.boolean(),
  displaySetupWizard: z.boolean(),
  organizationName: z.string().optional(),
});

function setUp(instance: Instance, { email, organizationName }: z.output<typeof Setup>) {
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
