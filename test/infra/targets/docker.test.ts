import { expect, test } from "vitest";
import { apiCredentials } from "../../../credentials/credentials.ts";
import { declare, ROOT, valueOf } from "./mocked.ts";

const stack = (docker: object = {}) => ({ target: "docker", rootSecret: ROOT, docker: JSON.stringify(docker) });

test.each([
  ["a preview", true],
  ["an up", false],
])("in Docker, %s declares containers that only this machine reaches, and nothing of a cloud", async (_, preview) => {
  const { declared, find, target } = await declare(stack({ port: 9443 }), preview);
  expect(find("Container", "airbyte-node").ports).toEqual([
    { internal: 443, external: 9443, ip: "127.0.0.1", protocol: "tcp" },
  ]);
  expect(find("ServerCertificate").hosts).toEqual(["127.0.0.1", "localhost"]);
  expect(await valueOf(target.airbyte.url)).toBe("https://127.0.0.1:9443");
  expect(await valueOf(target.outputs.adminPassword)).toBe(apiCredentials(ROOT, 1).adminPassword);
  expect(declared.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
});

test("every volume that a container mounts is declared, so that destroy removes it", async () => {
  const { declared } = await declare(stack(), false);
  const made = declared.filter(({ type }) => type.endsWith("Volume")).map(({ inputs }) => inputs.name);
  const mounted = declared
    .filter(({ type }) => type.endsWith("Container"))
    .flatMap(({ inputs }) => (inputs.volumes as { volumeName: string }[]).map(({ volumeName }) => volumeName));
  expect(made.sort()).toEqual(mounted.sort());
  expect(made).toContain("airbyte-prod-k3s");
});
