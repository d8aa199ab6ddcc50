import { z } from "zod";
import { nearest } from "../errors/nearest.ts";
import type { Issue } from "../errors/zod-issues.ts";

/** Where Airbyte can run. */
export const targetNames = ["embedded", "existing", "docker", "aws", "kubernetes"] as const;
export type TargetName = (typeof targetNames)[number];

/**
 * A setting of a stack. All that is known of it stands in one entry: what the targets take, the commands in messages, which values must
 * be secrets and which are maps, the table in docs/targets.md.
 */
export interface Setting {
  /** For docs/targets.md and Pulumi.yaml. */
  about: string;
  /**
   * What a command in a message sets: the value, or `< FILE` for what is read from one. Of a map: values by their path in it, the first
   * one for the map as a whole.
   */
  example: string | Record<string, string>;
  /** It must be a secret of the stack, and only the provider reads it. */
  secret?: true;
  /** Its schema in each target that has it. */
  in: Partial<Record<TargetName, z.ZodType>>;
}

/** The same schema in several targets. */
export function on<T extends TargetName, S extends z.ZodType>(targets: readonly T[], schema: S): Record<T, S> {
  return Object.fromEntries(targets.map((target) => [target, schema])) as Record<T, S>;
}

/** Any text but an empty one, of which nothing else is said. */
export const text = z.string().min(1, { error: "the text is empty", abort: true });

// Every setting but a map comes as text.
export const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((value) => value === "true");

/** A whole number within limits. Whatever is wrong with it, the message has both and the unit, which stands in `what`. */
export function whole(what: string, min: number, max: number): z.ZodCustom<number> {
  const fits = (value: unknown) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
  return z.custom<number>(fits, { params: { expected: `${what} from ${min} to ${max}` } });
}

/** A port to listen on, or to connect to. */
export const port = whole("a port", 1, 65535);

/** How long an `up` waits for an Airbyte of one's own. */
export const readyMinutes = whole("a number of minutes", 1, 240).default(40);

/** Pulumi hands maps over as JSON. What can't be read as that stays text, for the schema to refuse. */
export function parseMap(given: string): unknown {
  try {
    const value = JSON.parse(given) as unknown;
    return isDeeperThan(100, value) ? given : value; // which no setting is, and what walks through it could overflow the stack
  } catch {
    return given;
  }
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

/**
 * What several settings must be together. Apart from the schemas: zod asks no such question once a single field is missing or wrong, and
 * all mistakes are told at once. So each is asked of whatever is there, and tells nothing that follows from another mistake.
 *
 * @param value what the stack gives, as it is written, by its path (`aws.vpcId`); undefined where it gives nothing, null where that can't
 *   be told, because what it would be in is no map
 */
export type Rule = (value: (path: string) => unknown) => Issue[];

/** The one of some choices that was made, or most likely meant; undefined where that doesn't show. */
export function meant<T extends string>(choices: readonly T[], given: unknown): T | undefined {
  return typeof given === "string" ? (nearest(given, choices) as T | undefined) : undefined;
}

/** A mistake of a rule, at the setting of this path. */
export function mistake(path: string, text: string, remedy?: string): Issue {
  return { path: path.split("."), text, ...(remedy === undefined ? {} : { remedy }) };
}
