// Rules for resources in AWS.
import { isWorld } from "../settings/address-blocks.ts";
import { isTrue, list, map, type Resource } from "./resource.ts";

/** One direction of traffic that is let in. */
interface Opening {
  addresses: unknown[];
  fromPort: unknown;
  toPort: unknown;
  protocol: unknown;
}

/**
 * Ports of AWS security groups that the whole internet can reach, or a large part of it: rules inside a group, and rules as resources
 * of their own. Several rules of a group that open a port by parts are judged together.
 *
 * @param allowed ports that may be open to everybody, such as 443
 */
export function openPorts(resource: Resource, allowed: readonly number[] = []): string[] {
  const rules = openings(resource).flatMap((opening) => {
    const ports = portRange(opening.fromPort, opening.toPort, opening.protocol);
    const judged = !isPing(opening.protocol) && !allowedOnly(ports, allowed);
    return judged ? [{ ports, addresses: opening.addresses.filter((address) => typeof address === "string") }] : [];
  });
  const wide = rules.filter(({ addresses }) => isWorld(addresses));
  const others = rules.filter((rule) => !wide.includes(rule));
  const found = wide.map(({ ports, addresses }) => {
    const alone = addresses.filter((address) => isWorld([address]));
    return complaint(ports, alone.length > 0 ? alone : addresses);
  });
  const port = firstPorts(others, allowed).find((each) => isWorld(addressesAt(others, each)));
  return port === undefined ? found : [...found, complaint([port, port], addressesAt(others, port))];
}

interface Rule {
  ports: [number, number];
  addresses: string[];
}

function complaint(ports: [number, number], addresses: string[]): string {
  return (
    `${inWords(ports)} open to the whole internet (${addresses.join(", ")}): name the addresses that may come in, ` +
    `or allow the port in the policy's configuration (allowPorts)`
  );
}

/** Where several rules have a port in common, the first such port is where one of them begins, or comes after one that is allowed. */
function firstPorts(rules: Rule[], allowed: readonly number[]): number[] {
  const candidates = [...rules.map(({ ports }) => ports[0]), ...allowed.map((port) => port + 1)];
  return candidates.filter((port) => !allowed.includes(port));
}

function addressesAt(rules: Rule[], port: number): string[] {
  return rules.filter(({ ports: [from, to] }) => from <= port && port <= to).flatMap(({ addresses }) => addresses);
}

function openings({ type, props }: Resource): Opening[] {
  switch (type) {
    case "aws:ec2/securityGroup:SecurityGroup":
    case "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":
      return list(props.ingress).map((rule) => opening(map(rule)));
    case "aws:ec2/securityGroupRule:SecurityGroupRule":
      return props.type === "ingress" ? [opening(props)] : [];
    case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
      return [
        {
          ...opening(props),
          addresses: [...list(props.cidrIpv4), ...list(props.cidrIpv6)],
          protocol: props.ipProtocol,
        },
      ];
    default:
      return [];
  }
}

function opening({ cidrBlocks, ipv6CidrBlocks, fromPort, toPort, protocol }: Record<string, unknown>): Opening {
  return { addresses: [...list(cidrBlocks), ...list(ipv6CidrBlocks)], fromPort, toPort, protocol };
}

/** ICMP knows no ports: the two numbers are a message's type and code. */
function isPing(protocol: unknown): boolean {
  return ["icmp", "icmpv6", "1", "58"].includes(String(protocol));
}

const allPorts: [number, number] = [0, 65_535];

function portRange(from: unknown, to: unknown, protocol: unknown): [number, number] {
  if (["-1", "all"].includes(String(protocol)) || typeof from !== "number") return allPorts;
  return [from, typeof to === "number" ? to : from];
}

function allowedOnly([from, to]: [number, number], allowed: readonly number[]): boolean {
  for (let port = from; port <= to; port++) if (!allowed.includes(port)) return false;
  return true;
}

function inWords(ports: [number, number]): string {
  if (ports === allPorts) return "all ports are";
  return ports[0] === ports[1] ? `port ${ports[0]} is` : `ports ${ports[0]} to ${ports[1]} are`;
}

/** What starts an instance and describes its disks in the same words. */
const instances = [
  "aws:ec2/instance:Instance",
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
  "aws:ec2/launchConfiguration:LaunchConfiguration",
];
const template = "aws:ec2/launchTemplate:LaunchTemplate";

/** EBS volumes, and disks of instances, that aren't encrypted. An account's own default can't be seen here, so it must be declared. */
export function unencryptedDisks({ type, props }: Resource): string[] {
  if (type === "aws:ebs/volume:Volume")
    return isTrue(props.encrypted) ? [] : ["the volume isn't encrypted: set encrypted to true"];
  if (type === template) {
    const disks = list(props.blockDeviceMappings).map(map);
    const plain = disks.filter(({ ebs }) => ebs !== undefined && !isTrue(map(ebs).encrypted));
    return plain.map(({ deviceName }) => `the disk ${String(deviceName)} isn't encrypted: set ebs.encrypted to "true"`);
  }
  if (!instances.includes(type)) return [];

  const mistakes: string[] = [];
  // Without a word on its root disk, an instance has that of its launch template, which is a resource of its own.
  const fromTemplate = props.launchTemplate !== undefined && props.rootBlockDevice === undefined;
  if (!fromTemplate && !isTrue(map(props.rootBlockDevice).encrypted)) {
    mistakes.push("the root disk isn't encrypted: set rootBlockDevice.encrypted to true");
  }
  for (const { deviceName, encrypted } of list(props.ebsBlockDevices).map(map)) {
    if (!isTrue(encrypted)) mistakes.push(`the disk ${String(deviceName)} isn't encrypted: set encrypted to true`);
  }
  return mistakes;
}

/** Instances whose metadata, and with them the credentials of their role, can be had with one plain request (IMDSv1). */
export function openMetadata({ type, props }: Resource): string[] {
  if (![...instances, template].includes(type)) return [];
  if (props.launchTemplate !== undefined && props.metadataOptions === undefined) return [];
  const { httpTokens, httpEndpoint } = map(props.metadataOptions);
  if (httpTokens === "required" || httpEndpoint === "disabled") return [];
  return ['IMDSv2 isn\'t required: set metadataOptions.httpTokens to "required"'];
}
