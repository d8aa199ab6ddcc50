import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state.js";

/** Shows a line of a provider while the run goes on. Of what a provider prints, Pulumi repeats every line at the end. */
export function showNow(line: string): void {
  // The SDK has the function, but not in its types. The engine passes its address to its plugins as their first argument.
  const { getStore } = state as unknown as { getStore(this: void): { settings: { options: { engineAddr?: string } } } };
  const { options } = getStore().settings;
  options.engineAddr ??= process.argv[2] ?? "";
  void pulumi.log.info(line, undefined, undefined, true);
}
