// What the program itself asks an Airbyte by, and knows of the run that it is part of.
import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state.js";
import type { Session } from "./session.ts";

let session: Promise<Session> | undefined;

/** Whether this is a test of a program, with mocks in place of Pulumi's engine: then nothing is asked of any Airbyte. */
export function isMocked(): boolean {
  return runOptions().monitorAddr === "mock";
}

/** Where the engine of this run listens (`host:port`): what its plugins are told too. */
export function engineAddress(): string {
  return runOptions().engineAddr ?? "";
}

function runOptions(): { monitorAddr?: string; engineAddr?: string } {
  // The SDK has the function, but not in its types.
  const { getStore } = state as unknown as {
    getStore(this: void): { settings: { options: ReturnType<typeof runOptions> } };
  };
  return getStore().settings.options;
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
    (line) => void pulumi.log.info(line, undefined, undefined, true),
  );
}
