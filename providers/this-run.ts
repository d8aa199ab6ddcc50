// What a process knows of the run of Pulumi that it is part of.
import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state.js";

/** Whether this is a test of a program, with mocks in place of Pulumi's engine: then nothing is asked of any Airbyte. */
export function isMocked(): boolean {
  return options().monitorAddr === "mock";
}

/** Where the engine listens (`host:port`): what its plugins are told too. */
export function engineAddress(): string {
  return options().engineAddr ?? "";
}

/** Shows a line while the run goes on. Of what a provider prints, Pulumi repeats every line at the end. */
export function showNow(line: string): void {
  // The engine passes its address to its plugins as their first argument; a program's SDK has it already.
  options().engineAddr ??= process.argv[2] ?? "";
  void pulumi.log.info(line, undefined, undefined, true);
}

function options(): { monitorAddr?: string; engineAddr?: string } {
  // The SDK has the function, but not in its types.
  const { getStore } = state as unknown as {
    getStore(this: void): { settings: { options: ReturnType<typeof options> } };
  };
  return getStore().settings.options;
}
