import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { needsConnector } from "../embedded/connectors/real.ts";
import { startPostgres, whyNoPostgres } from "../../bench/syncs/warehouses.ts";
import { Project } from "./project.ts";
import { API } from "./sample.ts";
import { freePort } from "../doubles/free-port.ts";

const EXAMPLE = readFileSync(join(import.meta.dirname, "../../examples/faker-to-postgres.yaml"), "utf8");

test.skipIf(whyNoPostgres)(
  `the example into PostgreSQL: real rows, no duplicates the second time, the database's own words where it is refused`,
  { timeout: 900_000 },
  async (context) => {
    await needsConnector(context, "source-faker", "pyairbyte");
    const postgres = await startPostgres();
    onTestFinished(() => postgres.stop());
    const { host, port, database, username, password } = postgres.configuration;
    const project = await Project.create({ pipelines: EXAMPLE, connectors: "real" });
    const settings = { postgresHost: host, postgresPort: port, postgresDatabase: database, postgresUser: username };
    const set = (key: string, value: string | number) => project.must("config", "set", key, String(value));
    for (const [key, value] of Object.entries(settings)) await set(key, value);

    const refused = async (words: RegExp) => {
      const { code, text } = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
      expect(code).not.toBe(0);
      const lines = text.split("\n").filter((line) => line.includes(`"warehouse" does not connect:`));
      expect(lines[0]).toMatch(words); // all of it in one line
    };
    await project.setSecret("postgresPassword", "not-the-p4ssword");
    await refused(/password authentication failed for user "loader"/);
    await project.setSecret("postgresPassword", password);
    await set("postgresPort", await freePort());
    await refused(/Connection refused/);
    await set("postgresPort", port);
    await set("postgresDatabase", "nowhere");
    await refused(/database "nowhere" does not exist/);
    await set("postgresDatabase", database);

    const up = await project.up();
    expect(up.text).toMatch(/connection "shop-to-warehouse": first sync: succeeded, 1,100 rows/);
    const counts = () => {
      const union = ["users", "products", "purchases"].map(
        (name) => `select '${name}', count(*), count(distinct id) from public.${name}`,
      );
      return postgres.query(union.join(" union all "));
    };
    const expected = [
      ["users", "500", "500"],
      ["products", "100", "100"],
      ["purchases", "500", "500"],
    ];
    expect(counts()).toEqual(expected);

    const { "Connection/shop-to-warehouse": connectionId } = await project.ids();
    const job = { connectionId, jobType: "sync" };
    const { jobId } = await project.byHand<{ jobId: number }>("POST", `${API}/jobs`, job);
    const status = async () => (await project.byHand<{ status: string }>("GET", `${API}/jobs/${jobId}`)).status;
    await expect.poll(status, { timeout: 120_000, interval: 500 }).toBe("succeeded");
    expect(counts()).toEqual(expected);
    expect((await project.must("stack", "export", "--stack", "dev")).text).not.toContain(password);
  },
);
