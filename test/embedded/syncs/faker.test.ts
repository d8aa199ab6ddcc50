// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access */
import { statSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { needsConnector } from "../connectors/real.ts";
import { start } from "../start.ts";
import { queryDuckDb } from "./duckdb.ts";
import { connectFaker, hasEnded, jobWhen, startSync, sync } from "./pipelines.ts";
import { startPostgres, whyNoPostgres } from "../../../bench/syncs/warehouses.ts";

beforeEach((context) => needsConnector(context, "source-faker", "pyairbyte"), 900_000);

describe("Airbyte's Faker", { timeout: 600_000 }, () => {
  test("into a DuckDB file below the data folder: counts as declared, state, log, and no duplicates the second time", async () => {
    const server = await start({ connectors: "real" });
    const destination = { destinationType: "duckdb", destination_path: "/local/sample.duckdb" };
    const { connectionId } = await connectFaker(server, 150, destination, "incremental_deduped_history", {
      prefix: "raw_",
    });
    const job = await sync(server, connectionId);
    expect(job).toMatchObject({ status: "succeeded", rowsSynced: 400 });
    const counts = async () => {
      const union = ["users", "products", "purchases"].map(
        (name) => `select '${name}', count(*), count(distinct id) from raw_${name}`,
      );
      return queryDuckDb(join(server.dataDir, "local", "sample.duckdb"), union.join(" union all "));
    };
    const expected = [
      ["users", "150", "150"],
      ["products", "100", "100"],
      ["purchases", "150", "150"],
    ];
    expect(await counts()).toEqual(expected);
    const { body: state } = await server.config("state/get", { connectionId });
    expect(state.streamState).toHaveLength(3);
    const { body: shown } = await server.config("jobs/get", { id: job.jobId });
    expect(shown.attempts[0].attempt.streamStats).toContainEqual({
      streamName: "users",
      stats: expect.objectContaining({ recordsEmitted: 150, recordsCommitted: 150 }) as object,
    });
    const log = (shown.attempts[0].logs.logLines as string[]).join("\n");
    expect(log).toContain("source > INFO Syncing stream: users");
    expect(log).toContain("users: 150 records read, 150 written");
    expect(statSync(join(server.dataDir, "job-logs", "1.log")).mode & 0o777).toBe(0o600);

    expect(await sync(server, connectionId)).toMatchObject({ status: "succeeded" });
    expect(await counts()).toEqual(expected);

    const { body } = await server.call("POST", "/jobs", { connectionId, jobType: "clear" });
    expect(await jobWhen(server, body.jobId as number, hasEnded)).toMatchObject({ status: "succeeded" });
    expect((await counts()).map(([, count]) => count)).toEqual(["0", "0", "0"]);
    expect((await server.config("state/get", { connectionId })).body.stateType).toBe("not_set");
  });

  test.skipIf(whyNoPostgres)(
    "into PostgreSQL: three tables, no duplicates; cancelled in the middle, they stay as they were",
    async () => {
      const postgres = await startPostgres();
      onTestFinished(() => postgres.stop());
      const server = await start({ connectors: "real" });
      const destination = { destinationType: "postgres", ...postgres.configuration, ssl_mode: { mode: "disable" } };
      const { connectionId, sourceId, destinationId } = await connectFaker(
        server,
        120,
        destination,
        "incremental_deduped_history",
      );
      const check = await server.config("destinations/check_connection", { destinationId });
      expect(check.body.status).toBe("succeeded");
      const count = (table: string) => postgres.query(`select count(*), count(distinct id) from ${table}`);
      for (let n = 0; n < 2; n++) {
        expect(await sync(server, connectionId)).toMatchObject({ status: "succeeded" });
        expect(count("users")).toEqual([["120", "120"]]);
        expect(count("purchases")).toEqual([["120", "120"]]);
        expect(count("products")).toEqual([["100", "100"]]);
      }

      await server.call("PUT", `/sources/${sourceId}`, { name: "Many", configuration: { count: 100_000 } });
      const streams = [{ name: "users", syncMode: "full_refresh_overwrite" }];
      await server.call("PATCH", `/connections/${connectionId}`, { configurations: { streams } });
      const jobId = await startSync(server, connectionId);
      await jobWhen(server, jobId, ({ rowsSynced }) => rowsSynced > 500);
      expect((await server.call("DELETE", `/jobs/${jobId}`)).body.status).toBe("cancelled");
      expect(count("users")).toEqual([["120", "120"]]);
      const wrong = { ...destination, password: "wr0ng-secret", destinationType: undefined };
      await server.call("PUT", `/destinations/${destinationId}`, { name: "Wrong", configuration: wrong });
      const failed = await sync(server, connectionId);
      expect(failed.status).toBe("failed");
      const { attempts } = (await server.config("jobs/get", { id: failed.jobId })).body;
      expect(attempts).toHaveLength(1);
      const [{ externalMessage, failureType, failureOrigin }] = attempts[0].attempt.failureSummary.failures;
      expect([failureType, failureOrigin]).toEqual(["config_error", "destination"]);
      expect(externalMessage).toMatch(/FATAL: password authentication failed for user "loader"$/);
      expect((attempts[0].logs.logLines as string[]).join("\n")).not.toContain("wr0ng-secret");
    },
  );
});
