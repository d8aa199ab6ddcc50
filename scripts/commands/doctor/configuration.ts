import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../../../errors/user-error.ts";
import { readConfig, type Settings } from "../../../settings/config.ts";
import { loadPipelines, type Pipelines } from "../../../declaration/declare.ts";
import { stackValues } from "../../../settings/stack-config.ts";
import type { StackFacts } from "../../stack/stack-facts.ts";
import type { Report } from "./report.ts";

/** Checks settings and pipelines just as the program does; undefined where the settings have mistakes. */
export function examineConfiguration(report: Report, facts: StackFacts): Settings | undefined {
  const { project, stack, values } = facts;
  // The program reads its settings through Pulumi's SDK, which gets them from the engine; here they are handed over.
  pulumi.runtime.resetOptions(project, stack, -1, "", "", true, "");
  const named = Object.entries(values).map(([name, { value = "" }]) => [name, value] as const);
  const secrets = Object.keys(values).filter((name) => values[name]?.secret);
  pulumi.runtime.setAllConfig(Object.fromEntries(named), secrets);
  try {
    const settings = readConfig(new pulumi.Config(project));
    report.ok("configuration", `stack ${stack}, target ${settings.target}`);
    return settings;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    report.fail("configuration", error.message.replaceAll("pulumi config", "npm run pulumi -- config"));
    return undefined;
  }
}

/** Checks the files of the pipelines; undefined where they have mistakes. */
export function examinePipelines(report: Report, facts: StackFacts, { pipelines }: Settings): Pipelines | undefined {
  const missing = new Set<string>();
  const values = stackValues(new pulumi.Config(facts.project));
  const secret = (name: string) => values.secret(name) ?? (facts.fillsSecrets ? missing.add(name) && "" : undefined);
  try {
    const declared = loadPipelines(process.cwd(), pipelines, { ...values, secret });
    const counts = Object.entries(declared).map(([kind, all]) => [Object.keys(all).length, kind] as const);
    const some = counts.filter(([count]) => count > 0).map((words) => words.join(" "));
    report.ok("pipelines", `${some.join(", ") || "nothing is declared"} in ${pipelines}`);
    if (missing.size > 0) {
      const names = [...missing].join(", ");
      report.info(
        "secrets",
        `without a value: ${names}; on the embedded Airbyte npm start fills them with placeholders`,
      );
    }
    return declared;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    report.fail("pipelines", error.message.replaceAll("pulumi config", "npm run pulumi -- config"));
    return undefined;
  }
}
