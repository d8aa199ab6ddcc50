import type { KindName } from "../../../providers/airbyte/kinds/names.ts";
import { firstUser, type Airbyte } from "../lifecycle/airbyte.ts";

const API = "/api/public/v1";

const manifest = (name: string) => ({
  version: "6.5.2",
  type: "DeclarativeSource",
  spec: { type: "Spec", connection_specification: { type: "object", properties: { key: { type: "string" } } } },
  streams: [{ name }],
});

export type Settings = Record<string, unknown>;

/** One kind: what to declare, what to change, where the server shows it, and what somebody changes there by hand. */
export interface Case {
  settings: (airbyte: Airbyte) => Settings | Promise<Settings>;
  change?: Settings;
  path: (id: string, airbyte: Airbyte) => string;
  byHand?: [method: string, body: Settings];
  drift?: Settings;
}

const inWorkspace = (path: string) => (id: string, airbyte: Airbyte) =>
  `${API}/workspaces/${airbyte.workspaceId}/definitions/${path}/${id}`;
const image = { dockerRepository: "me/connector", dockerImageTag: "1.0.0" };

// One for each kind, or this does not compile.
export const cases: Record<Exclude<KindName, "source" | "destination" | "connection">, Case> = {
  workspace: {
    settings: () => ({
      notifications: { failure: { webhook: { enabled: true, url: "https://hooks.example.com/1" } } },
    }),
    change: { notifications: { failure: { webhook: { enabled: false, url: "https://hooks.example.com/2" } } } },
    path: (id) => `${API}/workspaces/${id}`,
    byHand: ["PATCH", { name: "by hand", notifications: { success: { email: { enabled: true } } } }],
    drift: { name: "by hand" },
  },
  tag: {
    settings: () => ({ color: "1F77B4" }),
    change: { color: "000000" },
    path: (id) => `${API}/tags/${id}`,
    byHand: ["PATCH", { name: "by hand", color: "ffffff" }],
    drift: { name: "by hand", color: "ffffff" },
  },
  "source-definition": {
    settings: () => image,
    change: { name: "renamed", dockerImageTag: "2.0.0" },
    path: inWorkspace("sources"),
    byHand: ["PUT", { name: "renamed", dockerImageTag: "3.0.0" }],
    drift: { dockerImageTag: "3.0.0" },
  },
  "destination-definition": {
    settings: () => ({ ...image, documentationUrl: "https://example.com/docs" }),
    change: { dockerImageTag: "2.0.0" },
    path: inWorkspace("destinations"),
    byHand: ["PUT", { name: "by hand", dockerImageTag: "2.0.0" }],
    drift: { name: "by hand", dockerImageTag: "2.0.0" },
  },
  "declarative-source-definition": {
    settings: () => ({ manifest: manifest("orders") }),
    change: { manifest: manifest("customers") },
    path: inWorkspace("declarative_sources"),
    byHand: ["PUT", { manifest: { ...manifest("customers"), description: "by hand" } }],
    drift: { manifest: { ...manifest("customers"), description: "by hand" } },
  },
  permission: {
    settings: async (airbyte) => ({
      name: undefined,
      userId: (await firstUser(airbyte)).id,
      permissionType: "workspace_reader",
    }),
    change: { permissionType: "workspace_editor" },
    path: (id) => `${API}/permissions/${id}`,
    byHand: ["PATCH", { permissionType: "workspace_admin" }],
    drift: { permissionType: "workspace_admin" },
  },
  application: {
    settings: () => ({}),
    path: (id) => `${API}/applications/${id}`,
  },
  region: {
    settings: async (airbyte) => ({ organizationId: (await firstUser(airbyte)).organizationId, enabled: true }),
    change: { name: "renamed", enabled: false },
    path: (id) => `${API}/regions/${id}`,
    byHand: ["PATCH", { name: "by hand", enabled: true }],
    drift: { name: "by hand", enabled: true },
  },
};

export type ObjectName = keyof typeof cases;
