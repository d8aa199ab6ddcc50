import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "../../settings/config.ts";
import { ConfigurationError } from "../../errors/user-error.ts";

/** A stack with these settings; those whose name starts with `secret ` are secrets. */
export function stack(settings: Record<string, string>): pulumi.Config {
  const named = Object.entries(settings).map(([key, value]) => [`test:${key.replace("secret ", "")}`, value] as const);
  const secrets = Object.keys(settings).filter((key) => key.startsWith("secret "));
  pulumi.runtime.setAllConfig(
    Object.fromEntries(named),
    secrets.map((key) => key.replace("secret ", "test:")),
  );
  return new pulumi.Config("test");
}

/** What `readConfig` finds wrong with them. */
export function mistakesOf(settings: Record<string, string>): readonly string[] {
  try {
    readConfig(stack(settings));
  } catch (error) {
    if (error instanceof ConfigurationError) return [...error.mistakes];
    throw error;
  }
  return [];
}
