import { isObject, type Json, type JsonObject } from "../json.ts";
import type { DestinationSyncMode, FailureType, SourceSyncMode } from "../state.ts";
import type { Catalog, ConfiguredCatalog, ConnectorMessage, DiscoveredStream } from "./connector.ts";
import { limitMet } from "./python/confined.ts";
import type { Masking } from "./secrets.ts";

/** What a connector's program says, after the Airbyte Protocol: one JSON object a line. */
export type ProtocolMessage =
  | ConnectorMessage
  | { type: "SPEC"; spec: JsonObject }
  | { type: "CONNECTION_STATUS"; status: string; message: string | undefined }
  | { type: "CATALOG"; catalog: Catalog };

/**
 * Reads one line. What is no message is a log line: programs print all sorts of things. Messages that nothing here needs
 * (the status of streams, estimates, control) are undefined.
 */
export function readMessage(line: string, masking: Masking): ProtocolMessage | undefined {
  const message = parse(line);
  if (!message) return line.trim() === "" ? undefined : logged("INFO", line, masking);
  const content = contentOf(message);
  switch (textOf(message.type) ?? "") {
    case "RECORD":
      return { type: "RECORD", record: recordOf(content), line };
    case "STATE":
      return { type: "STATE", state: content, line };
    case "LOG":
      return logged(textOf(content.level) ?? "INFO", textOf(content.message) ?? "", masking);
    case "TRACE":
      return content.type === "ERROR" && isObject(content.error) ? traced(content.error, masking) : undefined;
    case "SPEC":
      return { type: "SPEC", spec: content };
    case "CATALOG":
      return { type: "CATALOG", catalog: catalogOf(content) };
    case "CONNECTION_STATUS": {
      const text = textOf(content.message);
      return {
        type: "CONNECTION_STATUS",
        status: textOf(content.status) ?? "",
        message: text === undefined ? undefined : masking(text),
      };
    }
    default:
      return typeof message.type === "string" ? undefined : logged("INFO", line, masking);
  }
}

function parse(line: string): JsonObject | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as JsonObject;
  } catch {
    return undefined;
  }
}

/** Under which key a message's content is. */
const keys: Record<string, string> = { CONNECTION_STATUS: "connectionStatus" };

function contentOf(message: JsonObject): JsonObject {
  const type = textOf(message.type) ?? "";
  const content = message[keys[type] ?? type.toLowerCase()];
  return isObject(content) ? content : {};
}

function recordOf({ stream, namespace, data, emitted_at }: JsonObject) {
  return {
    stream: stream as string,
    ...(typeof namespace === "string" ? { namespace } : {}),
    data: data as JsonObject,
    emittedAt: emitted_at as number,
  };
}

function logged(level: string, message: string, masking: Masking): ConnectorMessage {
  return { type: "LOG", log: { level, message: masking(message) } };
}

const failureTypes: FailureType[] = ["config_error", "system_error", "transient_error"];

/** What Airbyte's connectors say where they did not foresee an error; then the other message is the one that helps. */
const saysNothing = /^Something went wrong in the connector\. See the logs for more details\.?$/;

function traced(error: JsonObject, masking: Masking): ConnectorMessage {
  const internal = textOf(error.internal_message);
  const message = textOf(error.message) ?? "";
  const useless = message === "" || saysNothing.test(message);
  const limit = useless ? limitMet(internal ?? "") : undefined;
  const said = (useless ? internal : undefined) ?? (message || "The connector failed and did not say why");
  return {
    type: "TRACE",
    error: {
      message: limit ? `The connector failed: ${limit}` : masking(said),
      ...(internal === undefined ? {} : { internalMessage: masking(internal) }),
      failureType: failureTypes.find((type) => type === error.failure_type) ?? "system_error",
    },
  };
}

function catalogOf({ streams }: JsonObject): Catalog {
  return { streams: (Array.isArray(streams) ? streams : []).filter(isObject).map(streamOf) };
}

function streamOf(stream: JsonObject): DiscoveredStream {
  const namespace = textOf(stream.namespace);
  return {
    name: textOf(stream.name) ?? "",
    ...(namespace ? { namespace } : {}),
    jsonSchema: isObject(stream.json_schema) ? stream.json_schema : {},
    supportedSyncModes: (stream.supported_sync_modes ?? ["full_refresh"]) as SourceSyncMode[],
    sourceDefinedCursor: stream.source_defined_cursor === true,
    ...(Array.isArray(stream.default_cursor_field)
      ? { defaultCursorField: stream.default_cursor_field as string[] }
      : {}),
    ...(Array.isArray(stream.source_defined_primary_key)
      ? { sourceDefinedPrimaryKey: stream.source_defined_primary_key as string[][] }
      : {}),
    ...(stream.is_file_based === true ? { isFileBased: true } : {}),
  };
}

// Sources know the three oldest modes; what a source does depends on none of them.
const destinationModes: Record<DestinationSyncMode, string> = {
  overwrite: "overwrite",
  overwrite_dedup: "overwrite",
  append: "append",
  append_dedup: "append_dedup",
  update: "append_dedup",
  soft_delete: "append_dedup",
};

/** The ConfiguredAirbyteCatalog, as `read --catalog` takes it. */
export function writtenCatalog({ streams }: ConfiguredCatalog): JsonObject {
  return {
    streams: streams.map(({ stream, syncMode, destinationSyncMode, cursorField, primaryKey }) => ({
      stream: writtenStream(stream),
      sync_mode: syncMode,
      destination_sync_mode: destinationModes[destinationSyncMode],
      cursor_field: cursorField,
      primary_key: primaryKey,
    })),
  };
}

function writtenStream(stream: DiscoveredStream): JsonObject {
  return {
    name: stream.name,
    ...(stream.namespace === undefined ? {} : { namespace: stream.namespace }),
    json_schema: stream.jsonSchema,
    supported_sync_modes: stream.supportedSyncModes,
    source_defined_cursor: stream.sourceDefinedCursor ?? false,
    default_cursor_field: stream.defaultCursorField ?? [],
    source_defined_primary_key: stream.sourceDefinedPrimaryKey ?? [],
  };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
