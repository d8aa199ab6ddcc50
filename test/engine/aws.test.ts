import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Agent, request } from "undici";
import { expect, test } from "vitest";
import { authorityCertificate } from "../../credentials/certificates.ts";
import { apiCredentials, tlsKeys } from "../../credentials/credentials.ts";
import { startCloud, type Cloud } from "../doubles/cloud/cloud.ts";
import { pulumiCommand } from "../scripts/modules.ts";
import { Project } from "./project.ts";
import { FAKER } from "./sample.ts";

const ROOT = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";
const PIPELINES = `sources:\n  users:\n    definitionId: ${FAKER}\n    configuration: { count: 1 }\n`;

test("on AWS, from an empty account to pipelines and back", { timeout: 1_200_000 }, async (context) => {
  const cloud = await startCloud();
  if ("missing" in cloud) return context.skip(cloud.missing);
  const project = await Project.create({ connectors: null, pipelines: PIPELINES, env: cloud.env });
  await project.must("config", "set", "target", "aws");
  await project.must("config", "set", "--path", "aws.region", "eu-central-1");
  await project.must("config", "set", "--path", "aws.allowedCidrs[0]", "203.0.113.7/32");
  await project.must("config", "set", "--path", "aws.readyMinutes", "2");
  await project.setSecret("rootSecret", ROOT);

  // The first preview knows no address yet, and needs none.
  expect((await project.preview()).every(({ op }) => op === "create")).toBe(true);
  await project.up();
  const first = await project.ids();
  expect(Object.keys(first)).toContain("Source/users");
  for (const file of ["key", "known_hosts"])
    expect(statSync(join(project.dir, ".airbyte/dev/ssh", file)).mode & 0o777).toBe(0o600);

  // Nothing secret in the state, nothing in plain text.
  const state = JSON.stringify(await project.resources());
  for (const secret of [ROOT, "PRIVATE KEY", ...apiSecrets(1)]) expect(state).not.toContain(secret);

  // Reached from outside by those who trust the stack's authority, and by nobody else.
  const url = (await project.must("stack", "output", "airbyteUrl")).stdout.trim();
  expect((await project.must("stack", "output", "airbyteAccess")).stdout).toContain("admin@example.com");
  const health = (ca: string) => request(`${url}/api/public/v1/health`, { dispatcher: new Agent({ connect: { ca } }) });
  expect((await health(await authorityCertificate(tlsKeys(ROOT, 1)))).statusCode).toBe(200);
  await expect(health(await authorityCertificate(tlsKeys(`${ROOT}x`, 1)))).rejects.toThrow(/certificate/);

  // What Airbyte leaves open to everybody for ever, its set-up, only Pulumi does.
  const setup = await request(`${url}/api/v1/instance_configuration/setup`, {
    method: "POST",
    dispatcher: new Agent({ connect: { ca: await authorityCertificate(tlsKeys(ROOT, 1)) } }),
  });
  expect(setup.statusCode).toBe(403);

  expect((await project.up()).text).toMatch(/\d+ unchanged/);
  expect(await changes(project)).toEqual([]);

  // Another machine: everything on it is made anew, nothing in Airbyte is.
  expect(creations(cloud)).toBe(1);
  await project.up("--replace", await urnOf(project, "aws:ec2/instance:Instance"));
  const second = await project.ids();
  expect(second["Instance/airbyte"]).not.toBe(first["Instance/airbyte"]);
  expect(second["Container/airbyte-node"]).not.toBe(first["Container/airbyte-node"]);
  expect(second["Volume/airbyte-data"]).toBe(first["Volume/airbyte-data"]);
  expect(inAirbyte(second)).toEqual(inAirbyte(first));
  expect(await changes(project)).toEqual([]);

  // New credentials: between the change and its up, refresh still works; then the container starts anew, and nothing in Airbyte changes.
  await project.must("config", "set", "--path", "credentials.api", "2");
  expect((await project.refresh("--run-program")).text).not.toMatch(/updated|deleted/);
  await project.up();
  const third = await project.ids();
  expect(third["Instance/airbyte"]).toBe(second["Instance/airbyte"]);
  expect(third["Container/airbyte-node"]).not.toBe(second["Container/airbyte-node"]);
  expect(inAirbyte(third)).toEqual(inAirbyte(first));
  expect(await changes(project)).toEqual([]);

  // A new authority: only the gateway starts anew.
  await project.must("config", "set", "--path", "credentials.tls", "2");
  expect((await project.refresh("--run-program")).text).not.toMatch(/updated|deleted/);
  await project.up();
  const fourth = await project.ids();
  expect(fourth["Container/airbyte-node"]).toBe(third["Container/airbyte-node"]);
  expect(fourth["Container/airbyte-gateway"]).not.toBe(third["Container/airbyte-gateway"]);
  expect(inAirbyte(fourth)).toEqual(inAirbyte(first));
  expect((await health(await authorityCertificate(tlsKeys(ROOT, 2)))).statusCode).toBe(200);
  await expect(health(await authorityCertificate(tlsKeys(ROOT, 1)))).rejects.toThrow(/certificate/);
  expect(creations(cloud)).toBe(1);

  // Another root secret is refused before anything is done.
  await project.setSecret("rootSecret", `${ROOT}x`);
  const other = await project.pulumi(["preview", "--stack", "dev"]);
  expect(other.text).toContain("rootSecret is not the one that this installation was made with");
  await project.setSecret("rootSecret", ROOT);

  // A colleague's clone has configuration and state only: the project's own command brings the files for SSH, plain Pulumi can't.
  rmSync(join(project.dir, ".airbyte/dev/ssh"), { recursive: true });
  expect((await project.pulumi(["refresh", "--yes", "--skip-preview", "--stack", "dev"])).code).not.toBe(0);
  const own = (...args: string[]) => pulumiCommand.pulumi(project.dir, args, project.env);
  expect(await own("refresh", "--yes", "--skip-preview")).toBe(0);
  expect(await changes(project)).toEqual([]);

  // Destroyed but for the data; then those too, by an explicit word.
  rmSync(join(project.dir, ".airbyte/dev/ssh"), { recursive: true });
  expect(await own("destroy", "--yes", "--skip-preview")).toBe(0);
  expect(await left(cloud)).toEqual({ instances: 0, volumes: 1, addresses: 0, vpcs: 0, roles: 0 });
  expect((await project.resources()).map(({ type }) => type)).not.toContain("pulumi-nodejs:dynamic/airbyte:Source");
  // On the kept data the pipelines are taken over, not made a second time: from a colleague's clone too, which has no journal.
  rmSync(join(project.dir, ".airbyte/dev"), { recursive: true });
  expect(await own("up", "--yes", "--skip-preview")).toBe(0);
  const again = await project.ids();
  expect(again["Instance/airbyte"]).not.toBe(third["Instance/airbyte"]);
  expect(inAirbyte(again)).toEqual(inAirbyte(first));
  expect(creations(cloud)).toBe(1);
  expect(await own("destroy", "--yes", "--skip-preview", "--destroy-data")).toBe(0);
  expect(await left(cloud)).toEqual({ instances: 0, volumes: 0, addresses: 0, vpcs: 0, roles: 0 });
});

function apiSecrets(version: number): string[] {
  const { adminPassword, clientId, clientSecret, jwtSignature } = apiCredentials(ROOT, version);
  return [adminPassword, clientId, clientSecret, jwtSignature];
}

/** What a preview would change. */
async function changes(project: Project): Promise<string[]> {
  return (await project.preview()).map(({ op, type, name, fields }) => `${op} ${type} ${name} ${fields.join(",")}`);
}

function inAirbyte(ids: Record<string, string>): Record<string, string | undefined> {
  return Object.fromEntries(
    ["Source/users", "DefaultWorkspace/workspace", "Installation/airbyte"].map((key) => [key, ids[key]]),
  );
}

async function urnOf(project: Project, type: string): Promise<string> {
  const found = (await project.resources()).find((resource) => resource.type === type);
  return found?.urn ?? "";
}

/** How many calls that make a source have come by the gateway, as its log has it. */
function creations({ world }: Cloud): number {
  const log = readFileSync(join(world.folder, "access.log"), "utf8");
  return log.split("\n").filter((line) => line.includes('"method":"POST"') && line.includes('/sources"')).length;
}

/** What the account holds of ours, by the API of AWS. */
async function left({ aws }: Cloud) {
  const { Reservations } = await aws<{ Reservations: { Instances: { State: { Name: string } }[] }[] }>(
    "ec2",
    "describe_instances",
  );
  const { Volumes } = await aws<{ Volumes: { Tags?: object[] }[] }>("ec2", "describe_volumes");
  const { Addresses } = await aws<{ Addresses: object[] }>("ec2", "describe_addresses");
  const { Vpcs } = await aws<{ Vpcs: { IsDefault: boolean }[] }>("ec2", "describe_vpcs");
  const { Roles } = await aws<{ Roles: object[] }>("iam", "list_roles");
  const instances = Reservations.flatMap((reservation) => reservation.Instances);
  return {
    instances: instances.filter(({ State }) => State.Name !== "terminated").length,
    volumes: Volumes.filter(({ Tags }) => JSON.stringify(Tags ?? []).includes("airbyte-dev-data")).length,
    addresses: Addresses.length,
    vpcs: Vpcs.filter(({ IsDefault }) => !IsDefault).length,
    roles: Roles.length,
  };
}
