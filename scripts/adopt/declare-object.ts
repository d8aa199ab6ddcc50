import type { ConnectorDefinition } from "../../providers/airbyte/kinds/definition/calls.ts";
import type { DeclarativeSource } from "../../providers/airbyte/kinds/declarative-source-definition/calls.ts";
import type { Permission } from "../../providers/airbyte/kinds/permission/calls.ts";
import type { Tag } from "../../providers/airbyte/kinds/tag/calls.ts";
import type { WorkspaceObject } from "../../providers/airbyte/kinds/workspace/calls.ts";
import { nameIn, placeOf, withoutNulls, type Made, type Making } from "./making.ts";
import type { Found } from "./model.ts";

/** An object that is a name with a few settings. */
export function declareObject(found: Found, name: string, making: Making): Made {
  return { settings: { ...settingsOf(found, name, making) }, notes: [] };
}

function settingsOf({ kind, display, workspaceId, object }: Found, name: string, making: Making): object {
  const named = { ...nameIn(display, name), ...placeOf(workspaceId, making) };
  switch (kind) {
    case "workspaces": {
      const { notifications } = object as WorkspaceObject;
      const shown = withSecretAddresses(withoutNulls(notifications), (url) => making.secrets.add(name, "webhook", url));
      return { ...nameIn(display, name), ...(Object.keys(shown).length > 0 ? { notifications: shown } : {}) };
    }
    case "tags":
      return { ...named, color: (object as Tag).color };
    case "sourceDefinitions":
    case "destinationDefinitions": {
      const { dockerRepository, dockerImageTag } = object as ConnectorDefinition;
      return { ...named, dockerRepository, dockerImageTag };
    }
    case "declarativeSourceDefinitions":
      return { ...named, manifest: (object as DeclarativeSource).manifest };
    case "permissions": {
      const { permissionType, userId } = object as Permission;
      return { permissionType, userId, ...placeOf(workspaceId, making) };
    }
    case "applications":
      return nameIn(display, name);
    case "sources":
    case "destinations":
    case "connections":
      return {};
  }
}

/** Whoever knows the address of a webhook can write to it. */
function withSecretAddresses(settings: object, secret: (url: string) => unknown): Record<string, unknown> {
  const entries = Object.entries(settings).filter(([, value]) => value !== "" && JSON.stringify(value) !== "{}");
  return Object.fromEntries(
    entries.map(([key, value]: [string, unknown]) => {
      if (key === "url" && typeof value === "string") return [key, secret(value)];
      return [key, typeof value === "object" && value !== null ? withSecretAddresses(value, secret) : value];
    }),
  );
}
