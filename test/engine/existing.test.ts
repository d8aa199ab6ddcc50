import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createEmbeddedServer } from "../../embedded/server.ts";
import { Checkout } from "../docs/checkout.ts";
import { blocksOf, commandsOf } from "../docs/pages.ts";
import { command, Project } from "./project.ts";
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

  // Wrong credentials: said so, once, without the secret, and nothing is reported as deleted; also where nothing has changed.
  await project.setSecret("clientSecret", "the-wrong-secret");
  for (const args of [["preview"], ["refresh", "--run-program", "--yes", "--skip-preview"]]) {
    const wrong = await project.pulumi([...args, "--stack", "dev"]);
    expect(wrong.code).not.toBe(0);
    expect(wrong.text).toContain("check clientId and clientSecret");
    expect(wrong.text).not.toContain("the-wrong-secret");
    expect(wrong.text).not.toMatch(/^\s+at /m);
    expect(wrong.text).not.toMatch(/Channel has been shut down/);
    if (args[0] === "refresh") continue;
    expect(wrong.text.match(/Next step: /g)).toHaveLength(1);
    expect(wrong.text).toMatch(/1 errored/);
  }
  expect(await project.ids()).toEqual(ids);

  // Those of the last `up` are revoked, and corrected: Pulumi's own refresh says what it needs, the project's commands do it.
  await project.setSecret("clientSecret", application.clientSecret ?? "");
  expect((await command(project, "up", ["--yes"])).text).toMatch(/3 unchanged/);
  await byHand("DELETE", `${API}/applications/${application.id}`);
  await project.must("config", "set", "clientId", server.clientId);
  await project.setSecret("clientSecret", server.clientSecret);
  const plain = await project.pulumi(["refresh", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(plain.code).not.toBe(0);
  expect(plain.text).toContain("Next step: if that has been corrected since the last `up`, add --run-program");
  project.write("pipelines.yaml", PIPELINES + PIPELINES.replace("sources:\n", "").replace("users", "not-yet-made"));
  expect(await command(project, "refresh", ["--yes"])).toMatchObject({ code: 0 });
  expect(await project.ids()).toEqual(ids); // what is new is left to an up
  expect((await command(project, "destroy", ["--yes"])).text).toMatch(/3 deleted/);
  expect(await project.resources()).toEqual([]);
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
