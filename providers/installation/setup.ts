import { z } from "zod";
import { apiCredentials } from "../../infra/airbyte/credentials.ts";
import { SETUP_HEADER } from "../../infra/airbyte/gateway.ts";
import { AirbyteError } from "../airbyte/api/errors.ts";
import type { Session } from "../airbyte/session.ts";
import type { InstallationInputs } from "./kind.ts";

const Instance = z.looseObject({
  initialSetupComplete: z.boolean().nullish(),
  defaultOrganizationEmail: z.string().nullish(),
});

/**
 * Does what a new Airbyte's first page asks a person for: the e-mail address that its admin signs in with. Without it the page still
 * asks, so a server that refuses is no reason to stop.
 */
export async function completeSetup(inputs: InstallationInputs, session: Session): Promise<void> {
  const { adminEmail } = inputs;
  const { secret, versions } = session.root();
  const client = await session.client(inputs);
  const call = { api: "config", doing: "complete Airbyte's set-up" } as const;
  try {
    const instance = await client.call({ ...call, method: "GET", path: "/instance_configuration", schema: Instance });
    if (instance.initialSetupComplete && instance.defaultOrganizationEmail === adminEmail) return;
    await client.call({
      ...call,
      method: "POST",
      path: "/instance_configuration/setup",
      headers: { [SETUP_HEADER]: apiCredentials(secret, versions.api).setupKey },
      body: {
        email: adminEmail,
        anonymousDataCollection: false,
        initialSetupComplete: true,
        displaySetupWizard: false,
      },
      repeatable: true,
    });
  } catch (error) {
    if (!(error instanceof AirbyteError)) throw error;
    session.log(`The admin's e-mail address could not be set; Airbyte's first page asks for it. ${error.message}`);
  } finally {
    await client.close();
  }
}
