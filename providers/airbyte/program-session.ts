import * as pulumi from "@pulumi/pulumi";
import { showNow } from "../this-run.ts";
import type { CommonInputs } from "./lifecycle/handler.ts";
import type { Session } from "./session.ts";

let session: Promise<Session> | undefined;

/** What says where the program's resource of a name is; without one, of the stack as such. */
export function commonInputs(airbyteUrl: string, profile: string | undefined, name = ""): CommonInputs {
  const declaredAs = `${pulumi.getStack()}/${name}`;
  return { airbyteUrl, declaredAs, ...(profile === undefined ? {} : { profile }) };
}

/** What the program itself asks by; the provider has another one, in a process of its own. */
export function programSession(): Promise<Session> {
  return (session ??= openSession());
}

// Loaded only when it is needed, so that a program which needs no lookup doesn't wait for the HTTP client.
async function openSession(): Promise<Session> {
  const [{ Session }, { Access }] = await Promise.all([import("./session.ts"), import("../access.ts")]);
  const own = new pulumi.Config();
  const airbyte = new pulumi.Config("airbyte");
  return new Session(
    new Access({
      get: (key) => (key.startsWith("airbyte:") ? airbyte.get(key.slice("airbyte:".length)) : own.get(key)),
    }),
    showNow,
  );
}
