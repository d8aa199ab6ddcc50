// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { connectorFailed, connectorFailedHere } from "../../../embedded/problems.ts";
import { ConnectorFailure } from "../../../embedded/connectors/connector.ts";
import { faker, postgresConfiguration, start, temporaryFolder } from "../start.ts";
import { needsConnector } from "./real.ts";

/** A machine without Python: the PATH holds none. */
async function withoutPython(connectors: "auto" | "real") {
  vi.stubEnv("PATH", temporaryFolder());
  vi.stubEnv("XDG_CACHE_HOME", join(temporaryFolder(), "cache"));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return start({ connectors });
}

const bigquery = "22f6c74f-5699-40ff-833c-4a879ea40133";

describe("without Python, every place that shows a connector says that it is simulated, and why", () => {
  const why = "Python 3.10 or newer and older than 3.13 is needed, and there is no Python on PATH";
  const simulated = { simulated: true, simulatedBecause: why };

  test("definitions and specs", async () => {
    const { config, call, workspaceId } = await withoutPython("auto");
    const { body: list } = await config("source_definitions/list");
    const shown = { dockerImageTag: "7.2.1-simulated", ...simulated };
    expect(list.sourceDefinitions).toContainEqual(expect.objectContaining({ sourceDefinitionId: faker, ...shown }));
    const one = await call("GET", `/workspaces/${workspaceId}/definitions/sources/${faker}`);
    expect(one.body).toMatchObject(shown);
    const spec = await config("source_definition_specifications/get", { sourceDefinitionId: faker, workspaceId });
    expect(spec.body).toMatchObject({
      ...simulated,
      jobInfo: { logs: { logLines: [`Sample Data is simulated: ${why}`] } },
    });
  });

  test("checks and discoveries", async () => {
    const { config, workspaceId } = await withoutPython("auto");
    const given = { name: "s", workspaceId, sourceDefinitionId: faker, connectionConfiguration: { count: 1 } };
    const { body: source } = await config("sources/create", given);
    const check = await config("sources/check_connection", { sourceId: source.sourceId });
    expect(check.body).toMatchObject({ status: "succeeded", message: `Simulated, nothing was contacted: ${why}` });
    const discovery = await config("sources/discover_schema", { sourceId: source.sourceId });
    expect(discovery.body.jobInfo.logs.logLines).toEqual([`Sample Data is simulated: ${why}`]);
    expect(discovery.body.catalog.streams).toHaveLength(3);
  });

  test("a connector of the workspace, and one that is an image only", async () => {
    const { call, config, workspaceId } = await withoutPython("auto");
    const image = { name: "Mine", dockerRepository: "me/source-mine", dockerImageTag: "1.0.0" };
    const mine = await call("POST", `/workspaces/${workspaceId}/definitions/sources`, image);
    const images = "it is a Docker image, and those are not run here";
    expect(mine.body).toMatchObject({ dockerImageTag: "1.0.0", simulated: true, simulatedBecause: images });
    const { body } = await config("destination_definitions/get", { destinationDefinitionId: bigquery });
    expect(body.simulatedBecause).toContain("Docker image");
  });
});

describe("a connector that has to be real and can't be", () => {
  test("is an error that says what to do, in both dialects", async () => {
    const { call, config, workspaceId } = await withoutPython("real");
    const message = expect.stringContaining("there is no Python on PATH") as string;
    const configuration = { sourceType: "faker" };
    const created = await call("POST", "/sources", { name: "s", workspaceId, configuration });
    expect([created.status, created.body.data]).toEqual([500, { message, failureType: "system_error" }]);
    const spec = await config("source_definition_specifications/get", { sourceDefinitionId: faker, workspaceId });
    expect([spec.status, spec.body]).toEqual([500, { message }]);
  });

  test("is no matter for those that are images only", async () => {
    const { call, workspaceId } = await withoutPython("real");
    const given = { name: "w", workspaceId, configuration: postgresConfiguration };
    expect((await call("POST", "/destinations", given)).status).toBe(200);
  });
});

test("what passes is to be tried again, which clients do for 429 alone whatever the call", () => {
  const failure = new ConnectorFailure("source-faker is still being installed", "transient_error");
  expect([connectorFailed(failure).status, connectorFailedHere(failure).status]).toEqual([429, 429]);
});

test(
  "a discovery that fails tells the connector's own message and whose fault it is",
  { timeout: 600_000 },
  async (context) => {
    await needsConnector(context, "source-file");

    const { config, call, workspaceId } = await start({ connectors: "auto" });
    const configuration = {
      ...{ dataset_name: "people", format: "csv", provider: { storage: "local" } },
      url: "/local/none.csv",
    };
    const given = { name: "s", workspaceId, configuration: { sourceType: "file", ...configuration } };
    const { body: source } = await call("POST", "/sources", given);
    const { body } = await config("sources/discover_schema", { sourceId: source.sourceId });
    expect(body.jobInfo).toMatchObject({ succeeded: false, failureReason: { failureType: "system_error" } });
    expect(body.jobInfo.failureReason.externalMessage).toContain("none.csv");
    const streams = await call("GET", `/streams?sourceId=${source.sourceId}`);
    expect([streams.status, streams.body.data.failureType]).toEqual([500, "system_error"]);
    expect(streams.body.data.message).toContain("none.csv");
  },
);
