import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createEmbeddedServer, type EmbeddedServer } from "../../embedded/server.ts";
import { adoptCommand } from "../scripts/modules.ts";
import { byHandAt, type ByHand } from "./by-hand.ts";
import type { Project } from "./project.ts";
import { API, FAKER, POSTGRES } from "./sample.ts";

export const SECRETS = { password: "pa55-Word-of-the-warehouse", key: "s3cret-key-of-the-shop" };
export const WEBHOOK = "https://hooks.example.com/services/s3cret-of-the-webhook";

/** What a warehouse is configured with. */
export const WAREHOUSE = {
  host: "db",
  port: 5432,
  database: "d",
  schema: "public",
  username: "u",
  password: SECRETS.password,
};

/** Where the project's own commands keep a stack's secrets. */
export const SETTINGS = ["--config-file", ".airbyte/dev/Pulumi.dev.yaml"];

const MANIFEST = {
  version: "6.5.2",
  type: "DeclarativeSource",
  spec: {
    type: "Spec",
    connection_specification: {
      type: "object",
      required: ["key"],
      properties: { key: { type: "string", airbyte_secret: true } },
    },
  },
  streams: [{ name: "orders", path: "/{{ config['key'] }}" }],
};

export interface Existing {
  server: EmbeddedServer;
  byHand: ByHand;
  dataDir: string;
  ids: Record<string, string>;
}

/** An Airbyte that somebody has filled by hand. */
export async function start(options: { publicApi?: boolean } = {}): Promise<Existing> {
  const dataDir = mkdtempSync(join(tmpdir(), "airbyte-"));
  const server = await createEmbeddedServer({ dataDir, faults: true, connectors: "simulated", ...options });
  onTestFinished(() => server.close());
  return { server, byHand: byHandAt(server), dataDir, ids: {} };
}

export async function fill({ server, byHand, ids }: Existing): Promise<void> {
  const make = async (path: string, body: object) => {
    const made = await byHand<Record<string, string>>("POST", `${API}/${path}`, body);
    const idKey = Object.keys(made).find(
      (key) => /^(id|\w+Id)$/.test(key) && !["workspaceId", "definitionId"].includes(key),
    );
    return made[idKey ?? "workspaceId"] ?? "";
  };
  const { workspaceId } = server;
  const marketing = await byHand<{ workspaceId: string }>("POST", `${API}/workspaces`, {
    name: "Marketing",
    notifications: { failure: { webhook: { enabled: true, url: WEBHOOK } } },
  });
  ids.marketing = marketing.workspaceId;
  const faker = { workspaceId, definitionId: FAKER };
  ids.users = await make("sources", { ...faker, name: "Users & more", configuration: { count: 5 } });
  ids.sameName = await make("sources", { ...faker, name: "users, more", configuration: { count: 6 } });
  ids.warehouse = await make("destinations", {
    workspaceId,
    name: "Warehouse",
    definitionId: POSTGRES,
    configuration: WAREHOUSE,
  });
  ids.tag = await make("tags", { workspaceId, name: "nightly", color: "1F77B4" });
  const at = `workspaces/${workspaceId}/definitions`;
  ids.erp = await make(`${at}/sources`, { name: "ERP", dockerRepository: "me/source-erp", dockerImageTag: "1.0.0" });
  ids.lake = await make(`${at}/destinations`, {
    name: "Lake",
    dockerRepository: "me/destination-lake",
    dockerImageTag: "1",
  });
  ids.shop = await make(`${at}/declarative_sources`, { name: "Shop", manifest: MANIFEST });
  ids.orders = await make("sources", {
    workspaceId,
    name: "Orders",
    definitionId: ids.shop,
    configuration: { key: SECRETS.key },
  });
  ids.invoices = await make("sources", { workspaceId, name: "Invoices", definitionId: ids.erp, configuration: {} });
  // A low-code connector belongs to the organization: every workspace of it lists the same one.
  ids.alsoShop = await make("sources", {
    workspaceId: ids.marketing,
    name: "Orders abroad",
    definitionId: ids.shop,
    configuration: { key: SECRETS.key },
  });
  ids.elsewhere = await make("sources", {
    ...faker,
    workspaceId: ids.marketing,
    name: "Ads",
    configuration: { count: 7 },
  });
  ids.nightly = await make("connections", {
    sourceId: ids.users,
    destinationId: ids.warehouse,
    name: "Users nightly",
    status: "inactive",
    schedule: { scheduleType: "cron", cronExpression: "0 0 3 * * ?" },
    namespaceDefinition: "custom_format",
    namespaceFormat: "x_${SOURCE_NAMESPACE}",
    prefix: "raw_",
    nonBreakingSchemaUpdatesBehavior: "propagate_columns",
    tags: [{ tagId: ids.tag, workspaceId, name: "nightly", color: "1F77B4" }],
    configurations: {
      streams: [
        {
          name: "users",
          syncMode: "incremental_deduped_history",
          selectedFields: [{ fieldPath: ["id"] }, { fieldPath: ["name"] }, { fieldPath: ["updated_at"] }],
          mappers: [
            {
              type: "hashing",
              mapperConfiguration: { targetField: "name", method: "MD5", fieldNameSuffix: "_hashed" },
            },
          ],
        },
        { name: "products", syncMode: "full_refresh_overwrite" },
      ],
    },
  });
  ids.plain = await make("connections", { sourceId: ids.orders, destinationId: ids.warehouse, name: "Orders" });
  const [organization] = (await byHand<{ data: { organizationId: string }[] }>("GET", `${API}/organizations`)).data;
  const users = await byHand<{ data: { id: string }[] }>(
    "GET",
    `${API}/users?organizationId=${organization?.organizationId ?? ""}`,
  );
  ids.permission = await make("permissions", {
    workspaceId,
    userId: users.data[0]?.id,
    permissionType: "workspace_reader",
  });
  ids.application = await make("applications", { name: "Scheduler" });
  ids.region = await make("regions", { name: "EU", organizationId: organization?.organizationId });
}

/** Calls since the last time that may have changed something. */
export async function writes({ byHand }: Existing): Promise<string[]> {
  const { calls } = await byHand<{ calls: Record<string, number> }>("GET", "/faults");
  const reading = /^GET |token$|\/(list|get|list_\w+|get_\w+|health)$|^POST \/(oauth|faults)|^(GET|DELETE) \/faults/;
  return Object.keys(calls).filter((call) => !reading.test(call));
}

/** @param more environment of its own */
export function adopter(project: Project, { server }: Existing, more: Record<string, string> = {}) {
  const env = {
    ...project.env,
    ...more,
    AIRBYTE_CLIENT_ID: server.clientId,
    AIRBYTE_CLIENT_SECRET: server.clientSecret,
  };
  return async (...args: string[]) => {
    const before = process.cwd();
    try {
      return await adoptCommand.adopt(project.dir, args, env);
    } finally {
      process.chdir(before);
    }
  };
}

export const read = (project: Project, file: string) => readFileSync(join(project.dir, file), "utf8");

/** A PATH with a pulumi that can't import a state into a stack, and is the real one in all else. */
export function withoutImport({ env: { PATH = "" } }: Project): { PATH: string } {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const real = PATH.split(":").find((place) => existsSync(join(place, "pulumi")));
  const refuse = '[ -z "$PULUMI_BACKEND_URL" ] && [ "$1 $2" = "stack import" ] && echo "the disk is full" && exit 1';
  writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${refuse}\nexec "${real}/pulumi" "$@"\n`, { mode: 0o755 });
  return { PATH: `${folder}:${PATH}` };
}
