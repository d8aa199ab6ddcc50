import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { ensureRunning, remove, stop } from "../../../embedded/index.ts";
import { createEmbeddedServer } from "../../../embedded/server.ts";
import { apiCredentials } from "../../../credentials/credentials.ts";
import { examine } from "../../../scripts/commands/doctor/examine.ts";
import { Report } from "../../../scripts/commands/doctor/report.ts";
import { presetCredentials } from "../../doubles/airbyte-with.ts";
import { faker } from "../../embedded/start.ts";
import { temporaryFolder, write } from "../modules.ts";

const pipelines = `sources: { users: { definitionId: ${faker}, configuration: { password: "\${secret:password}" } } }`;

beforeEach(() => {
  const before = process.cwd();
  process.chdir(temporaryFolder());
  onTestFinished(() => {
    process.chdir(before);
  });
  write("pipelines.yaml", pipelines);
});

/** What the doctor says of a stack with these settings; those whose name starts with `secret ` are secrets. */
async function doctor(settings: Record<string, string>, fillsSecrets = true, keptUrl?: string) {
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line));
  const values = Object.entries(settings).map(([key, value]) => {
    return [`test:${key.replace("secret ", "")}`, { value, secret: key.startsWith("secret ") }] as const;
  });
  await examine(report, { project: "test", stack: "dev", values: Object.fromEntries(values), fillsSecrets, keptUrl });
  return { text: lines.join("\n"), failures: report.failures };
}

const password = { "secret password": "s3cret-password" };

test("mistakes in the settings are listed with the commands that mend them, and no secret", async () => {
  const settings = { target: "existing", url: "ftp://x", clientSecret: "s3cret-of-the-client", ...password };
  const { text, failures } = await doctor(settings);
  expect(failures).toEqual(["configuration"]);
  expect(text).toContain("3 mistakes in the configuration of stack dev:");
  expect(text).toContain("npm run pulumi -- config set clientId ID");
  expect(text).toContain("npm run pulumi -- config set --secret clientSecret");
  expect(text).toContain("reach, TLS, health, token, workspace, definitions not tried with these settings");
  expect(text).not.toContain("s3cret");
});

test("a secret that the pipelines use and the stack hasn't is a mistake, where npm start doesn't fill it", async () => {
  const { text, failures } = await doctor({}, false);
  expect(failures).toEqual(["pipelines"]);
  expect(text).toContain("npm run pulumi -- config set --secret password");

  const filled = await doctor({});
  expect(filled.failures).toEqual([]);
  expect(filled.text).toContain("without a value: password");
});

test("before the first up there is no embedded Airbyte to examine, none is made, and nothing is wrong", async () => {
  const { text, failures } = await doctor(password);
  expect(failures).toEqual([]);
  expect(text).toContain("ok    pipelines     1 sources in pipelines.yaml");
  expect(text).toContain(
    "not made yet; npm start makes and starts it (port chosen then, data in .airbyte/dev/embedded)",
  );
  expect(text).toContain("reach, TLS, health, token, workspace, definitions when it is there");
  expect(text).not.toContain("s3cret");
});

test("a port that another program has is said before the first up", async () => {
  const server = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { text, failures } = await doctor({ ...password, embedded: JSON.stringify({ port }) });
  expect(failures).toEqual(["embedded"]);
  expect(text).toContain(`Port ${port} on 127.0.0.1 is used by another program`);
});

test("the embedded Airbyte of a stack is started where it stands still, and passes every step", async () => {
  const folder = join(process.cwd(), ".airbyte/dev/embedded");
  const { url } = await ensureRunning(folder);
  onTestFinished(() => remove(folder));
  const running = await doctor(password);
  expect(running.failures).toEqual([]);
  expect(running.text).toContain(`runs: ${url}, data in .airbyte/dev/embedded`);
  expect(running.text).toContain("ok    workspace");

  await stop(folder);
  const stopped = await doctor(password);
  expect(stopped.failures).toEqual([]);
  expect(stopped.text).toContain(`stood still, and is started now: ${url}`);
});

describe("an Airbyte that the stack set up", () => {
  const root = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";
  const docker = { target: "docker", "secret rootSecret": root, ...password };
  const running = async () => {
    const dataDir = temporaryFolder();
    presetCredentials(dataDir, apiCredentials(root, 1));
    const server = await createEmbeddedServer({ dataDir });
    onTestFinished(() => server.close());
    return server.url;
  };

  test("is examined where the last up left it, with what comes from rootSecret", async () => {
    const { text, failures } = await doctor(docker, false, await running());
    expect(failures).toEqual([]);
    expect(text).toContain("ok    token         given for the credentials that come from rootSecret");
    expect(text).toMatch(/^ok {4}definitions /m);
    expect(text).not.toContain(root);
  });

  test("is asked for no connector that the pipelines declare themselves: it may be still to come", async () => {
    const own = "declarativeSourceDefinitions: { shop: { manifest: { spec: {} } } }\n";
    write("pipelines.yaml", `${own}sources: { orders: { definition: shop }, users: { connector: faker } }`);
    const { text, failures } = await doctor(docker, false, await running());
    expect(failures).toEqual([]);
    expect(text).toMatch(/^ok {4}definitions /m);
  });

  test("is not looked for before there is one", async () => {
    const { text, failures } = await doctor(docker, false);
    expect(failures).toEqual([]);
    expect(text).toContain("definitions when it is there");
  });

  test("with other credentials, or gone, names what mends a stack, not settings of other targets", async () => {
    const other = await doctor({ ...docker, credentials: '{"api": 3}' }, false, await running());
    expect(other.text).toContain("Next step: put back the values of the last npm start");
    const gone = await doctor(docker, false, "https://127.0.0.1:9");
    expect(gone.failures).toEqual(["reach"]);
    expect(gone.text).toContain("Next step: npm start, which brings up what is missing");
    for (const { text } of [other, gone]) expect(text).not.toMatch(/clientId|config set url/);
  });
});
