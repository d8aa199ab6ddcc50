import { didYouMean } from "../../../../errors/nearest.ts";
import type { DiscoveredStream } from "../../api/types.ts";
import type { StreamInputs } from "./streams.ts";

// Fields that a stream's settings name, against those that its schema has.

/** Something about one setting of a stream; or below it, at a path. */
export interface Finding {
  setting: string;
  below?: PropertyKey[];
  text: string;
  /** It may be meant so. */
  isWarning?: true;
}

/** The fields of a stream, as far as its schema tells. */
export interface Fields {
  /** Paths, nested ones too; none where the schema says nothing. */
  paths: readonly (readonly string[])[];
  /** Names of those on top. */
  top: readonly string[];
}

export function fieldsOf({ propertyFields }: DiscoveredStream): Fields {
  const paths = propertyFields ?? [];
  return { paths, top: [...new Set(paths.flatMap(([field]) => field ?? []))] };
}

/** Cursor, key and selected fields that the stream doesn't have, or not so. */
export function fieldIssues(
  { cursorField = [], primaryKey = [], selectedFields = [] }: StreamInputs,
  fields: Fields,
  name: string,
): Finding[] {
  const selected = selectedFields.map(({ fieldPath }) => fieldPath);
  const nested = selected.find((path) => path.length > 1);
  const twice = (paths: readonly (readonly string[])[]) => {
    const texts = paths.map((path) => path.join("."));
    return texts.find((text, index) => texts.indexOf(text) !== index);
  };
  const named = (setting: string, path: readonly string[]) => {
    const text = path.length === 0 ? undefined : unknownField(path, setting, fields, name);
    return text === undefined ? [] : [{ setting, text }];
  };
  const double = (setting: string, paths: readonly (readonly string[])[]) => {
    const text = twice(paths);
    return text === undefined ? [] : [{ setting, text: `the field ${JSON.stringify(text)} is listed twice` }];
  };
  return [
    ...named("cursorField", cursorField),
    ...primaryKey.flatMap((path) => named("primaryKey", path)),
    ...double("primaryKey", primaryKey),
    ...(nested
      ? [
          {
            setting: "selectedFields",
            text: `${nested.join(".")} is nested; fields are selected with all that is below them`,
          },
        ]
      : selected.flatMap((path) => named("selectedFields", path))),
    ...double("selectedFields", selected),
  ];
}

function unknownField(
  path: readonly string[],
  setting: string,
  { paths, top }: Fields,
  name: string,
): string | undefined {
  // A schema without fields says nothing about them.
  if (top.length === 0 || paths.some((known) => startsWith(known, path) && known.length === path.length))
    return undefined;
  const [first = "", ...rest] = path;
  if (!top.includes(first)) {
    return `the stream ${name} has no field ${JSON.stringify(first)}${didYouMean(first, top)}`;
  }
  const depth = path.findIndex((_, index) => !paths.some((known) => startsWith(known, path.slice(0, index + 1))));
  const parent = path.slice(0, depth);
  const step = path[depth] ?? "";
  const below = paths.flatMap((known) =>
    known.length === depth + 1 && startsWith(known, parent) ? [known[depth]!] : [],
  );
  const text = `the field ${JSON.stringify(parent.join("."))} of the stream ${name} has no field ${JSON.stringify(step)}`;
  // A list in a list is a path; what was meant are several fields.
  if (setting === "primaryKey" && rest.every((field) => top.includes(field))) {
    return `${text}; did you mean [${path.join(", ")}], a key of ${path.length} fields?`;
  }
  return `${text}${didYouMean(step, below)}`;
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((step, index) => path[index] === step);
}

const SELECTS_KEY = [
  "incremental_deduped_history",
  "incremental_update",
  "full_refresh_update",
  "full_refresh_overwrite_deduped",
];

/**
 * A selection must have the cursor and the key that the mode goes by.
 *
 * @param settled settings that have a mistake already: a cursor that isn't there can't be selected
 */
export function selectionIssues(
  { syncMode = "", cursorField, primaryKey, selectedFields = [] }: StreamInputs,
  offered: DiscoveredStream,
  name: string,
  settled: ReadonlySet<string>,
): Finding[] {
  if (selectedFields.length === 0) return [];
  const selected = selectedFields.map(({ fieldPath }) => fieldPath[0]);
  const ownCursor = offered.defaultCursorField ?? [];
  const ownKey = offered.sourceDefinedPrimaryKey ?? [];
  const cursor = offered.sourceDefinedCursorField || !cursorField?.length ? ownCursor : cursorField;
  const key = ownKey.length > 0 ? ownKey : (primaryKey ?? []);
  const lacking = (paths: readonly (readonly string[])[]) => {
    return [...new Set(paths.flatMap(([field]) => (field === undefined || selected.includes(field) ? [] : [field])))];
  };
  const usesCursor = syncMode.startsWith("incremental") && !settled.has("cursorField");
  const ofCursor = usesCursor ? lacking([cursor]) : [];
  const ofKey = SELECTS_KEY.includes(syncMode) && !settled.has("primaryKey") ? lacking(key) : [];
  const what = [...(ofCursor.length > 0 ? ["its cursor"] : []), ...(ofKey.length > 0 ? ["its key"] : [])].join(" and ");
  if (what === "") return [];
  const add = [...new Set([...ofCursor, ...ofKey])].join(", ");
  return [
    { setting: "selectedFields", text: `${syncMode} needs ${what} of the stream ${name} among them; add ${add}` },
  ];
}
