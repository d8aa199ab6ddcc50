import { describe, expect, test } from "vitest";
import { openMetadata, openPorts, unencryptedDisks } from "../../policy/aws.ts";

const resource = (type: string, props: Record<string, unknown>) => ({ type, name: "it", props });
const group = (...ingress: object[]) => resource("aws:ec2/securityGroup:SecurityGroup", { ingress });
const rule = (props: object) => resource("aws:ec2/securityGroupRule:SecurityGroupRule", { ...props });
const ownRule = (props: object) => resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ...props });

const ssh = { fromPort: 22, toPort: 22, protocol: "tcp" };

describe("a port that is open to the whole internet", () => {
  test.each([
    ["in a group", group({ ...ssh, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }), "port 22 is open"],
    ["in a group, by IPv6", group({ ...ssh, ipv6CidrBlocks: ["::/0"] }), "port 22 is open"],
    ["as a rule of its own", rule({ type: "ingress", ...ssh, cidrBlocks: ["0.0.0.0/0"] }), "port 22 is open"],
    ["as a rule of the newer kind", ownRule({ ...ssh, ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0" }), "port 22 is open"],
    ["as a rule of the newer kind, by IPv6", ownRule({ ipProtocol: "-1", cidrIpv6: "0::0/0" }), "all ports are open"],
    [
      "with others",
      group({ fromPort: 80, toPort: 443, protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] }),
      "ports 80 to 443 are open",
    ],
    [
      "with all others",
      group({ fromPort: 0, toPort: 0, protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }),
      "all ports are open",
    ],
  ])("is refused %s", (_, found, message) => {
    expect(openPorts(found)).toEqual([expect.stringContaining(`${message} to the whole internet`)]);
  });

  const halves = ["0.0.0.0/1", "128.0.0.0/1"];
  const sixteenths = Array.from({ length: 17 }, (_, i) => `${i * 8}.0.0.0/5`);
  test.each([
    ["by two halves", group({ ...ssh, cidrBlocks: halves })],
    ["by one half", group({ ...ssh, cidrBlocks: halves.slice(1) })],
    ["by two halves of IPv6", group({ ...ssh, ipv6CidrBlocks: ["::/1", "8000::/1"] })],
    ["by all of IPv6 that is given out", ownRule({ ...ssh, ipProtocol: "tcp", cidrIpv6: "2000::/3" })],
    ["in another notation", rule({ type: "ingress", ...ssh, ipv6CidrBlocks: ["0:0::0.0.0.0/00"] })],
    ["by many parts", group({ ...ssh, cidrBlocks: sixteenths })],
    ["by rules with a half each", group(...halves.map((half) => ({ ...ssh, cidrBlocks: [half] })))],
    ["by rules with a part each", group(...sixteenths.map((part) => ({ ...ssh, cidrBlocks: [part] })))],
    [
      "by rules that have the port in common",
      group(...sixteenths.map((part, i) => ({ fromPort: i, toPort: 22, protocol: "tcp", cidrBlocks: [part] }))),
    ],
  ])("is refused %s", (_, found) => {
    expect(openPorts(found, [443]).length).toBeGreaterThan(0);
  });

  test("is none where parts open different ports", () => {
    const rules = sixteenths.map((part, i) => ({ fromPort: i, toPort: i, protocol: "tcp", cidrBlocks: [part] }));
    expect(openPorts(group(...rules))).toEqual([]);
  });

  test("is refused once for each rule", () => {
    const open = { ...ssh, cidrBlocks: ["0.0.0.0/0"] };
    expect(openPorts(group(open, { ...ssh, cidrBlocks: ["10.0.0.0/8"] }, open))).toHaveLength(2);
  });

  test("may be allowed by name, a range only as a whole", () => {
    const https = group({ fromPort: 443, toPort: 443, protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] });
    expect(openPorts(https, [443])).toEqual([]);
    expect(
      openPorts(group({ fromPort: 443, toPort: 444, protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] }), [443]),
    ).toHaveLength(1);
    expect(
      openPorts(group({ fromPort: 0, toPort: 0, protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }), [0, 443]),
    ).toHaveLength(1);
  });

  test.each([
    ["traffic that goes out", rule({ type: "egress", ...ssh, cidrBlocks: ["0.0.0.0/0"] })],
    ["addresses that are named", group({ ...ssh, cidrBlocks: ["10.0.0.0/8"], ipv6CidrBlocks: ["fd00::/8"] })],
    ["ping", group({ fromPort: -1, toPort: -1, protocol: "icmp", cidrBlocks: ["0.0.0.0/0"] })],
    ["a group without rules", group()],
    ["another type", resource("aws:s3/bucket:Bucket", { ingress: [{ ...ssh, cidrBlocks: ["0.0.0.0/0"] }] })],
  ])("is not: %s", (_, found) => {
    expect(openPorts(found)).toEqual([]);
  });
});

const volume = (props: object) => resource("aws:ebs/volume:Volume", { ...props });
const instance = (props: object) => resource("aws:ec2/instance:Instance", { ...props });
const template = (props: object) => resource("aws:ec2/launchTemplate:LaunchTemplate", { ...props });
const encrypted = { rootBlockDevice: { encrypted: true } };

describe("a disk that isn't encrypted", () => {
  test.each([
    ["a volume", volume({ size: 8 }), "the volume isn't encrypted"],
    ["a volume that says so", volume({ encrypted: false }), "the volume isn't encrypted"],
    ["an instance's root disk that nothing is said of", instance({}), "the root disk isn't encrypted"],
    ["an instance's root disk", instance({ rootBlockDevice: { volumeSize: 8 } }), "the root disk isn't encrypted"],
    [
      "another disk of an instance",
      instance({ ...encrypted, ebsBlockDevices: [{ deviceName: "/dev/sdf" }] }),
      "the disk /dev/sdf isn't encrypted",
    ],
    [
      "a disk of a launch template",
      template({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "false" } }] }),
      "the disk /dev/xvda isn't encrypted",
    ],
  ])("is refused: %s", (_, found, message) => {
    expect(unencryptedDisks(found)).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    ["an encrypted volume", volume({ encrypted: true })],
    [
      "an instance with encrypted disks",
      instance({ ...encrypted, ebsBlockDevices: [{ deviceName: "a", encrypted: true }] }),
    ],
    ["an instance whose root disk is its launch template's", instance({ launchTemplate: { id: "lt-1" } })],
    ["a launch template's", template({ blockDeviceMappings: [{ deviceName: "a", ebs: { encrypted: "true" } }] })],
    ["another type", resource("aws:s3/bucket:Bucket", {})],
  ])("is not: %s", (_, found) => {
    expect(unencryptedDisks(found)).toEqual([]);
  });
});

describe("IMDSv2", () => {
  test.each([
    ["an instance that says nothing", instance({})],
    ["an instance that leaves it open", instance({ metadataOptions: { httpTokens: "optional" } })],
    ["a launch template that says nothing", template({})],
  ])("is demanded of %s", (_, found) => {
    expect(openMetadata(found)).toEqual([expect.stringContaining("IMDSv2 isn't required")]);
  });

  test.each([
    ["that requires it", instance({ metadataOptions: { httpTokens: "required" } })],
    ["without metadata", instance({ metadataOptions: { httpEndpoint: "disabled" } })],
    ["whose launch template decides", instance({ launchTemplate: { id: "lt-1" } })],
  ])("is no matter for an instance %s", (_, found) => {
    expect(openMetadata(found)).toEqual([]);
  });
});
