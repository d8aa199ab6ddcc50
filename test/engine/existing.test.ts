import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createEmbeddedServer } from "../../embedded/server.ts";
import { Checkout } from "../docs/checkout.ts";
import { blocksOf, commandsOf } from "../docs/pages.ts";
import { Project } from "./project.ts";
import { byHandAt } from "./by-hand.ts";
import { API, FAKER } from "./sample.ts";

const PIPELINES = `sources:\n  users:\n    definitionId: ${FAKER}\n    configuration: { count: 1 }\n`;

test("an existing Airbyte: credentials rotate and its address changes without touching a resource, and what is wrong is said", async () => {
  const server = await createEmbeddedServer({ dataDir: mkdtempSync(join(tmpdir(), "airbyte-")), faults: true });
  onTestFinished(() => server.close());
  const byHand = byHandAt(server);
  const project = await Project.create({ pipelines: PIPELINES, connectors: null });
  await project.must("config", "set", "target", "existing");
  await project.must("config", "set", "url", server.url);
  await project.must("config", "set", "clientId", server.clientId);
  await project.setSecret("clientSecret", server.clientSecret);

  // Several workspaces: which one is meant must be said.
  const second = await byHand<{ workspaceId: string }>("POST", `${API}/workspaces`, { name: "Second" });
  const ambiguous = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(ambiguous.code).not.toBe(0);
  expect(ambiguous.text).toContain(server.workspaceId);
  expect(ambiguous.text).toContain(second.workspaceId);
  expect(ambiguous.text).toContain("pulumi config set workspaceId");
  await byHand("DELETE", `${API}/workspaces/${second.workspaceId}`);

  // Exactly one: found, and kept when a colleague adds another.
  expect((await project.up()).text).toMatch(/2 created/);
  await byHand("POST", `${API}/workspaces`, { name: "Of a colleague" });
  expect((await project.up()).text).toMatch(/3 unchanged/);

  // Other credentials: no resource changes.
  const application = await byHand<Record<string, string>>("POST", `${API}/applications`, { name: "new" });
  await project.must("config", "set", "clientId", application.clientId ?? "");
  await project.setSecret("clientSecret", application.clientSecret ?? "");
  expect((await project.refresh()).text).toMatch(/3 unchanged/);
  expect((await project.up()).text).toMatch(/3 unchanged/);

  // Another address of the same server: looked up there, nothing written.
  const ids = await project.ids();
  await project.must("config", "set", "url", server.url.replace("127.0.0.1", "localhost"));
  await byHand("DELETE", "/faults");
  expect((await project.up()).text).toMatch(/2 updated/);
  expect(await project.ids()).toEqual(ids);
  const { calls } = await byHand<{ calls: Record<string, number> }>("GET", "/faults");
  expect(Object.keys(calls).filter((call) => /^(POST|PUT|PATCH|DELETE) .*(sources|workspaces)/.test(call))).toEqual([]);

  // Wrong credentials: said so, without the secret, and nothing is reported as deleted. (Pulumi's refresh and destroy
  // use the configuration of the last `up`, unless the program is run.)
  await project.setSecret("clientSecret", "the-wrong-secret");
  const wrong = await project.pulumi(["refresh", "--run-program", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(wrong.code).not.toBe(0);
  expect(wrong.text).toContain("check clientId and clientSecret");
  expect(wrong.text).not.toContain("the-wrong-secret");
  expect(wrong.text).not.toMatch(/^\s+at /m);
  expect(await project.ids()).toEqual(ids);
});

test("the stack file and the commands of docs/targets.md lead into an Airbyte that runs", async () => {
  const server = await createEmbeddedServer({ dataDir: mkdtempSync(join(tmpdir(), "airbyte-")) });
  onTestFinished(() => server.close());
  const checkout = new Checkout();
  onTestFinished(() => checkout.close());
  const section = "docs/targets.md#existing";
  const settings = blocksOf(section, "yaml").join().replace("https://airbyte.example.com", server.url);
  checkout.write("Pulumi.prod.yaml", settings.replace("4f6c1a2e-…", server.clientId));
  checkout.write("pipelines.yaml", PIPELINES);
  for (const line of commandsOf(section)) {
    await checkout.must(line.replace("npm start --", "npm start -- --yes"), { input: server.clientSecret });
  }
  expect(checkout.said).toMatch(/\+ 3 created/);
  expect(checkout.said).not.toContain(server.clientSecret);
});
