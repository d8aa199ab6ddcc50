import { maySeal, type KindDescription, type Path } from "../../../providers/airbyte/kinds/describe.ts";
import { descriptionOf } from "../../../providers/airbyte/kinds/descriptions.ts";
import { nameIn, placeOf, withoutNulls, type Made, type Making } from "./making.ts";
import type { Found } from "./model.ts";

/** An object that is a name with a few settings: those of its description, as Airbyte shows them. */
export function declareObject({ kind, display, workspaceId, object }: Found, name: string, making: Making): Made {
  const description = descriptionOf(kind);
  const { fields } = description;
  const plain = Object.entries(withoutNulls(object as object)).filter(([key]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return field && !field.notAdopted && key !== "name" && !isPlace(key);
  });
  const settings = plain.map(
    ([key, value]) => [key, withSecrets(value, [key], { description, name, making })] as const,
  );
  return {
    settings: {
      ...("name" in fields ? nameIn(display, name) : {}),
      ...("workspace" in fields ? placeOf(workspaceId, making) : {}),
      ...Object.fromEntries(settings.filter(([, value]) => !isEmpty(value))),
    },
    notes: [],
  };
}

/** `placeOf` says it better. */
function isPlace(key: string): boolean {
  return key === "workspaceId" || key === "organizationId";
}

interface Declaring {
  description: KindDescription;
  name: string;
  making: Making;
}

/** A setting with secrets of the stack in place of its own; what is empty is left out. */
function withSecrets(value: unknown, path: Path, declaring: Declaring): unknown {
  const { description, name, making } = declaring;
  if (typeof value === "string" && maySeal(description, path)) {
    return making.secrets.add(name, String(path.at(-2) ?? path.at(-1)), value);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const isMixed = description.fields[String(path[0])]?.secret !== undefined;
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, withSecrets(inner, [...path, key], declaring)] as const,
  );
  return Object.fromEntries(isMixed ? entries.filter(([, inner]) => !isEmpty(inner)) : entries);
}

function isEmpty(value: unknown): boolean {
  return value === "" || JSON.stringify(value) === "{}";
}
