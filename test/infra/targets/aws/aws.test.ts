import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { fixedCredentials, sshPublicKey } from "../../../../credentials/credentials.ts";
import { declare, ROOT, valueOf } from "../mocked.ts";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const aws = { region: "eu-central-1", allowedCidrs: ["203.0.113.7/32", "2001:db8::/48"] };
const stateDir = mkdtempSync(join(tmpdir(), "state-"));
const stack = (over: Record<string, object> = {}, texts: Record<string, string> = {}) => {
  const objects = { aws, ...over };
  const json = Object.entries(objects).map(([key, value]) => [key, JSON.stringify(value)]);
  const all = { target: "aws", rootSecret: ROOT, stateDir, ...(Object.fromEntries(json) as object), ...texts };
  return all as Record<string, string>;
};

beforeEach(() => void vi.stubEnv("AWS_PROFILE", "test"));
afterEach(() => void vi.unstubAllEnvs());

describe.each([
  ["a preview", true],
  ["an up", false],
])("the target aws in %s", (_, preview) => {
  test("declares the machine as safe as it can be", async () => {
    const { find } = await declare(stack(), preview);
    expect(find("Instance", "airbyte")).toMatchObject({
      instanceType: "m6i.xlarge",
      ami: "ami-1",
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { volumeType: "gp3", encrypted: true },
    });
    expect(find("Volume")).toMatchObject({
      type: "gp3",
      encrypted: true,
      size: 100,
      availabilityZone: "eu-central-1a",
    });
    expect(find("VolumeAttachment")).toMatchObject({ stopInstanceBeforeDetaching: true, deviceName: "/dev/sdf" });
    expect(find("providers:aws").region).toBe("eu-central-1");
  });

  test("gives the machine what Session Manager needs, and no parameter of the account to read", async () => {
    const { declared, find } = await declare(stack(), preview);
    const { Statement } = JSON.parse(find("RolePolicy").policy as string) as { Statement: Record<string, unknown>[] };
    expect(Statement.map(({ Effect, Action }) => ({ Effect, Action }))).toEqual([
      {
        Effect: "Allow",
        Action: [
          "ssm:UpdateInstanceInformation",
          ...["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
            (action) => `ssmmessages:${action}`,
          ),
        ],
      },
    ]);
    // The machine's role has no other policy: neither AWS's own nor one inside the role.
    const attached = declared.filter(({ type }) => type.endsWith("RolePolicyAttachment")).map(({ inputs }) => inputs);
    expect(attached.map(({ policyArn }) => policyArn)).toEqual([
      "arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole",
    ]);
    expect(find("iam/role:Role", "airbyte")).not.toHaveProperty("managedPolicyArns");
    expect(find("iam/role:Role", "airbyte")).not.toHaveProperty("inlinePolicies");
  });

  test("lets in by 443 and 22 those who are allowed, and nobody else", async () => {
    const { find } = await declare(stack(), preview);
    const rule = { protocol: "tcp", cidrBlocks: ["203.0.113.7/32"], ipv6CidrBlocks: ["2001:db8::/48"] };
    expect(find("SecurityGroup").ingress).toEqual([
      { ...rule, fromPort: 443, toPort: 443, description: "Airbyte" },
      { ...rule, fromPort: 22, toPort: 22, description: "Docker over SSH" },
    ]);
  });

  test("declares k3s and the gateway in a chain, replaced with the machine", async () => {
    const { find, declared } = await declare(stack(), preview);
    const node = find("Container", "airbyte-node");
    expect(node).toMatchObject({
      hostname: "airbyte",
      privileged: true,
      restart: "unless-stopped",
      command: expect.arrayContaining(["--token-file=/etc/airbyte/k3s-token"]) as unknown,
      ports: [{ internal: 443, external: 443, ip: "0.0.0.0", protocol: "tcp" }],
    });
    expect(node).not.toHaveProperty("init");
    expect(node.image).toMatch(/^rancher\/k3s:v1\.35\.5-k3s1@sha256:/);
    expect(node.labels).toContainEqual({ label: "airbyte-on-pulumi.host", value: "airbyte-id" });
    expect((node.uploads as { permissions: string }[]).map(({ permissions }) => permissions)).toEqual(["0600", "0600"]);
    expect(node.envs).toBeUndefined();
    expect(find("Container", "airbyte-gateway").networkMode).toBe("container:airbyte-node-id");
    expect(declared.filter(({ type }) => type.startsWith("docker:")).length).toBeLessThanOrEqual(4);
  });
});

test("every resource with tags has a name of the stack's, and the provider tags the rest", async () => {
  const { declared, find } = await declare(stack(), false);
  for (const { inputs } of declared.filter(({ inputs }) => inputs.tags !== undefined)) {
    expect((inputs.tags as { Name: string }).Name).toMatch(/^airbyte-prod/);
  }
  const { tags } = JSON.parse(find("providers:aws").defaultTags as string) as { tags: object };
  expect(tags).toEqual({ "airbyte-on-pulumi:stack": "airbyte-prod" });
});

test("a given subnet is used, and its zone for the disk", async () => {
  const given = { ...aws, vpcId: "vpc-0a1b2c3d4e5f67890", subnetId: "subnet-0a1b2c3d4e5f67890" };
  const { declared, find } = await declare(stack({ aws: given }), false);
  expect(find("Instance").subnetId).toBe(given.subnetId);
  expect(find("SecurityGroup").vpcId).toBe(given.vpcId);
  expect(find("Volume").availabilityZone).toBe("eu-central-1c");
  expect(declared.map(({ type }) => type)).not.toContain("aws:ec2/vpc:Vpc");
});

test("over SSM port 22 stays shut", async () => {
  const { find } = await declare(stack({ aws: { ...aws, connect: "ssm" } }), false);
  expect((find("SecurityGroup").ingress as { fromPort: number }[]).map(({ fromPort }) => fromPort)).toEqual([443]);
  const proxy =
    "aws ssm start-session --region eu-central-1 --target airbyte-id --document-name AWS-StartSSHSession --parameters portNumber=%p";
  expect(find("DockerHost").proxyCommand).toBe(proxy);
  expect(JSON.parse(find("providers:docker").sshOpts as string)).toContain(`ProxyCommand=${proxy}`);
});

test("Docker's provider gets its host from the machine that answered, and trusts its one host key", async () => {
  const { find } = await declare(stack(), false);
  const provider = find("providers:docker");
  expect(provider.host).toBe("ssh://ubuntu@203.0.113.10");
  const options = JSON.parse(provider.sshOpts as string) as string[];
  expect(options).toContain("StrictHostKeyChecking=yes");
  expect(options).toContain(`UserKnownHostsFile=${stateDir}/ssh/known_hosts`);
  expect(find("DockerHost")).not.toHaveProperty("proxyCommand");
});

test("the machine gets the SSH key that the program knows, and waits for its own disk", async () => {
  const { find } = await declare(stack(), false);
  const userData = find("Instance").userData as string;
  const config = parse(userData) as { ssh_keys: Record<string, string>; runcmd: string[][] };
  expect(userData.startsWith("#cloud-config\n")).toBe(true);
  expect(config.ssh_keys.ecdsa_public).toContain(sshPublicKey(fixedCredentials(ROOT).sshHostKey));
  expect(config.runcmd).toEqual([["/usr/local/sbin/airbyte-host-setup", "airbyte-data-id", "ubuntu"]]);
  expect(Buffer.byteLength(userData)).toBeLessThan(16 * 1024);
});

describe("TLS", () => {
  test("by the stack's own authority is for the fixed address", async () => {
    const { find, target } = await declare(stack(), false);
    expect(find("ServerCertificate")).toMatchObject({ hosts: ["203.0.113.10"], version: 1 });
    expect(await valueOf(target.airbyte.url)).toBe("https://203.0.113.10");
    expect(await valueOf(target.outputs.caCertificate)).toBe("AUTHORITY");
  });

  test("with a name and no hosted zone, the record is somebody else's to make, and named", async () => {
    const { find, declared } = await declare(stack({ tls: { domain: "airbyte.example.com" } }), false);
    expect(find("Readiness").needs).toBe("the record airbyte.example.com A 203.0.113.10");
    expect(find("ServerCertificate").hosts).toEqual(["airbyte.example.com", "203.0.113.10"]);
    expect(declared.map(({ type }) => type)).not.toContain("aws:route53/record:Record");
  });

  test("by Let's Encrypt opens port 80 to the world, and makes the record where the zone is known", async () => {
    const tls = { mode: "acme", domain: "airbyte.example.com", email: "me@example.com", hostedZoneId: "Z0123456789" };
    const { find, declared, target } = await declare(stack({ tls }), false);
    const ingress = find("SecurityGroup").ingress as { fromPort: number; cidrBlocks: string[] }[];
    expect(ingress.at(-1)).toMatchObject({ fromPort: 80, cidrBlocks: ["0.0.0.0/0"] });
    expect(find("Record")).toMatchObject({
      zoneId: "Z0123456789",
      name: "airbyte.example.com",
      records: ["203.0.113.10"],
    });
    expect(await valueOf(target.airbyte.url)).toBe("https://airbyte.example.com");
    expect(declared.map(({ type }) => type)).not.toContain("pulumi-nodejs:dynamic/airbyte:ServerCertificate");
    expect(find("Container", "airbyte-node").ports).toHaveLength(2);
  });
});
