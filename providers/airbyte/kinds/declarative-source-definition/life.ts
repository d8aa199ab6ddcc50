import type { DeclarativeSource, DeclarativeSourceBody } from "./calls.ts";
import { isObject } from "../../lifecycle/canonical.ts";
import { UNKNOWN, type CommonInputs } from "../../lifecycle/handler.ts";
import { requireText, requireUuid } from "../../lifecycle/inputs.ts";
import type { ObjectKind } from "../../lifecycle/object-kind.ts";

export interface DeclarativeSourceInputs extends CommonInputs, DeclarativeSourceBody {}

/** A source connector of a workspace's own, described by a low-code manifest. */
export const declarativeSourceDefinition: ObjectKind<DeclarativeSourceInputs, DeclarativeSource> = {
  kind: "declarative-source-definition",
  calls: (objects) => objects.declarativeSourceDefinitions,
  check: (inputs) => [
    ...requireText(inputs, "name"),
    ...requireUuid(inputs, "workspaceId"),
    ...checkManifest(inputs.manifest),
  ],
  fixed: ["workspaceId", "name"],
  nameOf: ({ name }) => name,
  workspaceOf: ({ workspaceId }) => workspaceId,
  identity: () => ({}),
  shown: ({ name, manifest }) => ({ name, manifest }),
  outputs: { version: ({ version }) => version },
  lostByReplacement: "its sources are replaced too, and their connections lose their sync state",
  changesConnectors: true,
};

function checkManifest(manifest: unknown): string[] {
  if (manifest === UNKNOWN) return [];
  if (!isObject(manifest)) return ["manifest: expected an object, as the connector builder exports it"];
  const { version, spec } = manifest;
  const isText = version === undefined || typeof version === "string";
  return [
    ...(isText ? [] : [`manifest.version: expected a text such as "6.48.0", found ${foundIn(version)}`]),
    ...(isObject(spec) || spec === UNKNOWN
      ? []
      : ["manifest.spec: is missing; it tells which settings the connector's sources have"]),
  ];
}

// YAML reads 6.5 as a number, and the connector's runner would refuse the whole manifest.
function foundIn(version: unknown): string {
  return typeof version === "number"
    ? "a number: put it in quotes"
    : Array.isArray(version)
      ? "a list"
      : typeof version;
}
