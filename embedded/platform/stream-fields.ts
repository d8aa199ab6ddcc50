import { badRequest } from "../api/problems.ts";
import type { DiscoveredStream } from "../connectors/connector.ts";
import { isObject } from "../json.ts";
import type { RequestedStream } from "./catalog.ts";
import type { SyncMode } from "./sync-modes.ts";

const needsCursor: SyncMode[] = ["incremental_append", "incremental_deduped_history"];
// Overwrite + dedup needs no key here, surprisingly.
const needsKey: SyncMode[] = ["incremental_deduped_history", "full_refresh_update", "incremental_update"];

export function checkCursor(stream: DiscoveredStream, mode: SyncMode, cursor: RequestedStream["cursorField"]): void {
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
  if (needsCursor.includes(mode) && !stream.open && !stream.sourceDefinedCursor && !stream.defaultCursorField?.length) {
    throw badRequest(
      `No default cursor field for stream: ${stream.name}. Please include a cursor field configuration for this stream.`,
    );
  }
}

export function checkKey(stream: DiscoveredStream, mode: SyncMode, key: RequestedStream["primaryKey"]): void {
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
  if (needsKey.includes(mode) && !stream.open && defined.length === 0) {
    throw badRequest(
      `A primary key is required for stream: ${stream.name}. Please include a primary key configuration for this stream.`,
    );
  }
}

export function checkSelectedFields(stream: DiscoveredStream, request: RequestedStream): void {
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
  const needed = [
    request.cursorField?.length ? request.cursorField : (stream.defaultCursorField ?? []),
    ...(request.primaryKey?.length ? request.primaryKey : (stream.sourceDefinedPrimaryKey ?? [])),
  ];
  const missing = needed.map(([field]) => field).find((field) => field !== undefined && !selected.includes(field));
  if (missing !== undefined) {
    throw badRequest(`Primary key or cursor field ${missing} is not selected for stream: ${stream.name}.`);
  }
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
