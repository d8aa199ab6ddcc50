// What the embedded Airbyte can be asked, found out from its own routes: there is no description of them that could be out of date.
import { z } from "zod";
import { createApp } from "../../embedded/api/app.ts";
import { openInstance } from "../../embedded/server.ts";

/** A JSON Schema. */
export type Schema = Record<string, unknown>;

export interface Operation {
  method: string;
  /** As Hono has it: `/api/public/v1/sources/:sourceId`. */
  path: string;
  /** Of the body; undefined where none is read. */
  body?: Schema | undefined;
}

/** The routes of both APIs, once each: the config API's are at the root of the host too, and the page's want a browser. */
const asked = /^\/(?:api\/|oauth\/token$)/;

/** All operations, with the schemas that they check bodies by. `dataDir` is a folder of their own. */
export async function operationsOf(dataDir: string): Promise<Operation[]> {
  const instance = await openInstance({ dataDir, persist: false, auth: "none" }, "http://127.0.0.1");
  const app = createApp(instance);
  const workspaceId = instance.store.workspaces.all()[0]?.id ?? "";
  const operations = new Map<string, Operation>();
  // Each call that is refused is told there.
  const { error } = console;
  console.error = () => undefined;
  for (const { method, path } of app.routes) {
    if (method === "ALL" || path.includes("*") || !asked.test(path)) continue;
    const body = ["POST", "PUT", "PATCH"].includes(method) ? await bodyOf(app, method, path, workspaceId) : undefined;
    operations.set(`${method} ${path}`, { method, path, body });
  }
  console.error = error;
  await instance.jobs.close();
  return [...operations.values()];
}

/** Sends null, which no body may be, and looks which schema says so. */
async function bodyOf(app: ReturnType<typeof createApp>, method: string, path: string, workspaceId: string) {
  let refusing: z.core.$ZodType | undefined;
  z.config({
    customError: ({ inst, path: at }) => {
      if (!at?.length && inst instanceof z.core.$ZodType) refusing ??= inst;
      return undefined;
    },
  });
  try {
    const url = `http://localhost${path.replace(":workspaceId", workspaceId).replaceAll(/:\w+/g, workspaceId)}`;
    await app.request(url, { method, headers: { host: "localhost" }, body: "null" });
  } finally {
    z.config({ customError: undefined });
  }
  if (!refusing) return undefined;
  return z.toJSONSchema(refusing, { io: "input", unrepresentable: "any" }) as Schema;
}
