import { firstVersions, type CredentialVersions } from "../../infra/airbyte/credentials.ts";
import { rootSecretCommand } from "../../infra/airbyte/root-secret.ts";
import { ExplainedError } from "./explained-error.ts";

/** What the credentials of an Airbyte of the program's own are derived from. */
export interface Root {
  secret: string;
  versions: CredentialVersions;
}

/** Reads it from the stack's configuration. */
export function readRoot(get: (key: string) => string | undefined): Root {
  const secret = get("rootSecret");
  if (secret !== undefined) return { secret, versions: { ...firstVersions, ...parsed(get("credentials")) } };
  throw new ExplainedError(
    `The stack's configuration has no rootSecret, which the credentials of its Airbyte are derived from.\n` +
      `  Next step: put the one back that the stack was made with (a new one, for a new stack: ${rootSecretCommand}).`,
  );
}

function parsed(text: string | undefined): Partial<CredentialVersions> {
  return JSON.parse(text ?? "{}") as Partial<CredentialVersions>;
}
