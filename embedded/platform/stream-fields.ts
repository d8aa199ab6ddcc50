import { badRequest } from "../api/problems.ts";
import type { DiscoveredStream } from "../connectors/connector.ts";
import { isObject } from "../json.ts";
import type { RequestedStream } from "./catalog.ts";
import { usesCursor, usesKey, type SyncMode } from "../sync-modes.ts";

const needsCursor: SyncMode[] = ["incremental_append", "incremental_deduped_history"];
// Overwrite + dedup needs no key here, surprisingly.
const needsKey: SyncMode[] = ["incremental_deduped_history", "full_refresh_update", "incremental_update"];
const selectsKey: SyncMode[] = [...needsKey, "full_refresh_overwrite_deduped"];

/** What is given for a mode that needs none isn't even looked at. */
export function checkCursor(stream: DiscoveredStream, mode: SyncMode, cursor: RequestedStream["cursorField"]): void {
  if (!needsCursor.includes(mode)) return;
  if (cursor?.length) {
    if (stream.sourceDefinedCursor && !same(cursor, stream.defaultCursorField)) {
      throw badRequest(
        `Cursor Field ${cursor.join(".")} is already defined by source for stream: ${stream.name}. ` +
          "Do not include a cursor field configuration for this stream.",
      );
    }
    checkField(stream, cursor, "cursor field");
    return;
  }
  if (!stream.open && !stream.sourceDefinedCursor && !stream.defaultCursorField?.length) {
    throw badRequest(
      `No default cursor field for stream: ${stream.name}. Please include a cursor field configuration for this stream.`,
    );
  }
}

export function checkKey(stream: DiscoveredStream, mode: SyncMode, key: RequestedStream["primaryKey"]): void {
  if (!needsKey.includes(mode)) return;
  const defined = stream.sourceDefinedPrimaryKey ?? [];
  if (key?.length) {
    if (defined.length > 0 && !same(key, defined)) {
      throw badRequest(
        `Primary key for stream: ${stream.name} is already pre-defined. Please do NOT include a primary key ` +
          "configuration for this stream.",
      );
    }
    for (const path of key) checkField(stream, path, "primary key");
    const paths = key.map((path) => JSON.stringify(path));
    if (new Set(paths).size < paths.length) throw badRequest(`Duplicate primary key for stream: ${stream.name}.`);
    return;
  }
  if (!stream.open && defined.length === 0) {
    throw badRequest(
      `A primary key is required for stream: ${stream.name}. Please include a primary key configuration for this stream.`,
    );
  }
}

export function checkSelectedFields(stream: DiscoveredStream, mode: SyncMode, request: RequestedStream): void {
  const { selectedFields } = request;
  if (!selectedFields) return;
  if (selectedFields.length === 0) {
    throw badRequest(`No fields selected for stream ${stream.name}. Leave selectedFields out to select every field.`);
  }
  const selected = selectedFields.map(({ fieldPath }) => {
    const [field] = fieldPath;
    if (field === undefined) throw badRequest(`Selected field path cannot be empty for stream: ${stream.name}.`);
    if (fieldPath.length > 1) {
      throw badRequest(`Nested field selection not supported for stream ${stream.name}: ${fieldPath.join(".")}.`);
    }
    checkField(stream, fieldPath, "selected field");
    return field;
  });
  if (new Set(selected).size < selected.length) {
    throw badRequest(`Duplicate fields selected in configuration for stream: ${stream.name}.`);
  }
  const isSelected = ([field]: string[]) => field === undefined || selected.includes(field);
  if (selectsKey.includes(mode) && !keyOf(stream, mode, request).every(isSelected)) {
    throw badRequest(
      `Primary key fields are not selected properly for stream: ${stream.name}. ` +
        "Please include primary key(s) in the configuration for this stream.",
    );
  }
  if (usesCursor(mode) && !isSelected(cursorOf(stream, mode, request))) {
    throw badRequest(
      `Cursor field is not selected properly for stream: ${stream.name}. ` +
        "Please include the cursor field in selected fields for this stream.",
    );
  }
}

/** What the stream goes by: where the mode has no use for one, or the source has its own, never what is given. */
export function cursorOf(stream: DiscoveredStream, mode: SyncMode, { cursorField }: RequestedStream): string[] {
  const isGiven = usesCursor(mode) && !stream.sourceDefinedCursor && cursorField?.length;
  return isGiven ? cursorField : (stream.defaultCursorField ?? []);
}

/** The same of its key. */
export function keyOf(stream: DiscoveredStream, mode: SyncMode, { primaryKey }: RequestedStream): string[][] {
  const defined = stream.sourceDefinedPrimaryKey ?? [];
  return defined.length === 0 && usesKey(mode) ? (primaryKey ?? []) : defined;
}

function checkField(stream: DiscoveredStream, [field = ""]: string[], role: string): void {
  const properties = stream.jsonSchema.properties;
  // A schema without a single property says nothing about the fields.
  if (!isObject(properties) || Object.keys(properties).length === 0) return;
  if (field in properties) return;
  throw badRequest(
    `Invalid ${role} for stream ${stream.name}: ${field}. The list of valid fields include: ` +
      `[${Object.keys(properties).join(", ")}].`,
  );
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
