import { dirname, join, relative } from "node:path";
import type { Plan } from "./plan.ts";
import { typescriptOf } from "./typescript.ts";
import { yamlOf, type Form } from "./yaml.ts";

/** The file of a plan, in the language that its name tells. */
export function textOf({ declared, names, file }: Plan, form: Form): string {
  const fromHere = (path: string) => {
    const way = relative(dirname(file), path);
    return way.startsWith(".") ? way : `./${way}`;
  };
  if (file.endsWith(".ts")) {
    const door = fromHere(join("providers", "airbyte", "index.ts"));
    return typescriptOf(declared, { form, head: "// Made by npm run adopt; yours from now on.", door, names });
  }
  const schema = `# yaml-language-server: $schema=${fromHere("pipelines.schema.json")}`;
  return yamlOf(declared, { form, head: `${schema}\n# Made by npm run adopt; yours from now on.` });
}
