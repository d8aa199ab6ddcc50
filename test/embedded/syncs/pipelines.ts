// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access */
import { setTimeout as delay } from "node:timers/promises";
import { createSource, type Running } from "../start.ts";

export type Calls = Pick<Running, "call" | "workspaceId">;

/** Faker into a destination, all three streams in one sync mode. */
export async function connectFaker(
  server: Calls,
  count: number,
  destination: object,
  syncMode: string,
  more: object = {},
) {
  const { sourceId } = await createSource(server, { sourceType: "faker", count, seed: 1 });
  const given = { name: "Warehouse", workspaceId: server.workspaceId, configuration: destination };
  const { destinationId } = (await server.call("POST", "/destinations", given)).body;
  const streams = ["users", "products", "purchases"].map((name) => ({ name, syncMode }));
  const { body } = await server.call("POST", "/connections", {
    sourceId,
    destinationId,
    configurations: { streams },
    ...more,
  });
  return { sourceId, destinationId, connectionId: body.connectionId as string };
}

interface ShownJob {
  jobId: number;
  status: string;
  rowsSynced: number;
}

export async function startSync(server: Calls, connectionId: string): Promise<number> {
  return (await server.call("POST", "/jobs", { connectionId, jobType: "sync" })).body.jobId as number;
}

/** Asks for a job until it is as wanted. */
export async function jobWhen(server: Calls, jobId: number, wanted: (job: ShownJob) => boolean): Promise<ShownJob> {
  for (;;) {
    const { body } = await server.call("GET", `/jobs/${jobId}`);
    if (wanted(body as ShownJob)) return body as ShownJob;
    await delay(100);
  }
}

export const hasEnded = ({ status }: ShownJob) => !["pending", "running", "incomplete"].includes(status);

export async function sync(server: Calls, connectionId: string): Promise<ShownJob> {
  return jobWhen(server, await startSync(server, connectionId), hasEnded);
}
