import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Project } from "./project.ts";
import { API, FAKER, POSTGRES } from "./sample.ts";

/** A secret at each place of pipelines.yaml that takes free values, written in plain or by reference; each run has its own. */
const pipelines = (run: string, others = "") => `
workspaces:
  beside:
    notifications: { failure: { webhook: { enabled: true, url: "https://hooks.example.com/hidden-${run}-webhook" } } }
sources:
  app:
    definitionId: ${FAKER}
    configuration: { count: 10, unknown_setting: hidden-${run}-unknown, nested: { list: [{ deep: hidden-${run}-deep }] } }
  spoken: { definitionId: ${FAKER}, configuration: { count: 10, host: "\${secret:host}" } }
destinations:
  lake:
    definitionId: ${POSTGRES}
    configuration:
      { host: h, port: 5432, database: d, schema: public, username: u, password: hidden-${run}-password,
        tunnel_method: { tunnel_method: SSH_KEY_AUTH, tunnel_host: t, tunnel_port: 22, tunnel_user: u, ssh_key: hidden-${run}-ssh } }
connections:
  named:
    source: app
    destination: lake
    streams:
      - name: users
        mappers:
          - type: encryption
            mapperConfiguration: { algorithm: AES, mode: CBC, padding: PKCS5Padding, targetField: email, fieldNameSuffix: _enc, key: "${key(run, "named")}" }
          - { type: hashing, mapperConfiguration: { targetField: name, method: SHA-256, fieldNameSuffix: _hashed } }
          - { type: row-filtering, mapperConfiguration: { conditions: { type: EQUAL, fieldName: gender, comparisonValue: "\${secret:filter}" } } }
  matched:
    source: app
    destination: lake
    prefix: m_
    streamDefaults:
      mappers: [{ type: encryption, mapperConfiguration: { algorithm: AES, mode: CBC, padding: PKCS5Padding, targetField: created_at, key: "${key(run, "default")}" } }]
    streams: [{ name: "p*", mappers: [{ type: encryption, mapperConfiguration: { algorithm: AES, mode: CBC, padding: PKCS5Padding, targetField: id, key: "${key(run, "pattern")}" } }] }, users]
${others}`;
/** Airbyte takes keys in hexadecimal digits alone: 32 bytes of text. */
const key = (run: string, place: string) => Buffer.from(`hidden-${run}-${place}`.padEnd(32, "x")).toString("hex");
const HIDDEN = /hidden-\w+-\w+|68696464656e2d\w+/;

test("a secret at any place of the pipelines shows in no state, output, preview, error or log", async () => {
  const project = await Project.create({ pipelines: pipelines("first") });
  await project.setSecret("host", "hidden-stack-host");
  await project.setSecret("filter", "hidden-stack-filter");
  const told = async (...args: string[]) => {
    const { text } = await project.must(...args, "--stack", "dev");
    expect(HIDDEN.exec(text)?.[0], args.join(" ")).toBeUndefined();
    return text;
  };
  await told("up", "--yes", "--skip-preview", "--diff");
  await told("stack", "export");
  await told("stack", "output", "--json");
  await told("refresh", "--yes", "--skip-preview", "--diff");
  expect(await project.preview()).toEqual([]);

  // Somebody turns one mapper's method by hand: the field shows, and nothing else.
  const { "Connection/named": id } = await project.ids();
  const { configurations } = await project.byHand<{
    configurations: { streams: { mappers: { mapperConfiguration: object }[] }[] };
  }>("GET", `${API}/connections/${id}`);
  Object.assign(configurations.streams[0]?.mappers[1]?.mapperConfiguration ?? {}, { method: "MD5" });
  // As it is read, an empty list is refused.
  for (const stream of configurations.streams) Reflect.deleteProperty(stream, "selectedFields");
  await project.byHand("PATCH", `${API}/connections/${id}`, { configurations });
  await told("refresh", "--yes", "--skip-preview", "--diff");
  await told("stack", "export");
  const drift = await told("preview", "--diff");
  expect(drift).toMatch(/method\s*: "MD5" => "SHA-256"/);
  expect(drift).toMatch(/1 to update/);

  project.write("pipelines.yaml", pipelines("second"));
  await told("preview", "--diff");
  await told("preview", "--json");
  await told("preview", "--save-plan", join(project.dir, "plan.json"));
  expect(readFileSync(join(project.dir, "plan.json"), "utf8")).not.toMatch(HIDDEN);
  const changed = await told("up", "--yes", "--skip-preview", "--diff");
  expect(changed).toContain("changed, value not shown: mapperSecrets.users.mappers[0].key");
  await told("stack", "export");
  await told("preview", "--diff", "--refresh");

  // A failure that quotes what it was given.
  project.write(
    "pipelines.yaml",
    pipelines("third").replace("targetField: email,", "targetField: [email],").replace("count: 10", "cuont: 10"),
  );
  const failed = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(failed.code).not.toBe(0);
  expect(failed.text).not.toMatch(HIDDEN);

  const state = join(project.dir, ".airbyte", "dev");
  const logs = readdirSync(state, { recursive: true, encoding: "utf8" }).filter((file) =>
    /(\.log|intents\.jsonl)$/.test(file),
  );
  expect(logs.length).toBeGreaterThan(0);
  for (const log of logs) expect(readFileSync(join(state, log), "utf8"), log).not.toMatch(HIDDEN);
}, 600_000);
