import { secretAsPlain, type Values } from "../settings/values.ts";

/** One value of the stack's configuration, as `pulumi config --show-secrets --json` shows it. */
export interface StackValue {
  value?: string;
  secret: boolean;
}

/** A stack as the project's own commands find it (see stack-facts.mjs). */
export interface StackFacts {
  project: string;
  /** Without organization and project. */
  stack: string;
  /** By full name: `airbyte-on-pulumi:target`. Secrets are in plain text here: nothing of this may be shown. */
  values: Record<string, StackValue>;
  /** Whether `npm start` gives random placeholders to secrets of the pipelines that have no value. */
  fillsSecrets: boolean;
  /** The workspace that the stack has found and kept. */
  keptWorkspaceId?: string | undefined;
  /** Where the Airbyte is that the stack has set up. */
  keptUrl?: string | undefined;
}

/**
 * A stack's values as what references in pipelines.yaml stand for. A secret that is referred to as a plain value is refused, as the
 * program does: it would show in messages.
 */
export function valuesOf(facts: Pick<StackFacts, "project" | "values">): Values {
  const get = lookUp(facts);
  return {
    secret: get,
    config(name) {
      if (!isSecret(facts, name)) return get(name);
      throw secretAsPlain(name);
    },
  };
}

/** Whether the stack keeps the value encrypted. */
export function isSecret({ project, values }: Pick<StackFacts, "project" | "values">, name: string): boolean {
  return values[`${project}:${name}`]?.secret === true;
}

/** A stack's values as Pulumi hands them over in `configure`: a bare key belongs to the project. */
export function lookUp({
  project,
  values,
}: Pick<StackFacts, "project" | "values">): (key: string) => string | undefined {
  return (key) => values[key.includes(":") ? key : `${project}:${key}`]?.value;
}
