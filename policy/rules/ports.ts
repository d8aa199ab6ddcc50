import { list, map, type Resource } from "./resource.ts";

/** One direction of traffic that is let in. */
interface Opening {
  addresses: unknown[];
  fromPort: unknown;
  toPort: unknown;
  protocol: unknown;
}

/**
 * Ports of AWS security groups that the whole internet can reach: rules inside a group, and rules as resources of their own.
 *
 * @param allowed ports that may be open to everybody, such as 443
 */
export function openPorts(resource: Resource, allowed: readonly number[] = []): string[] {
  return openings(resource).flatMap(({ addresses, fromPort, toPort, protocol }) => {
    const everywhere = addresses.filter(isEverywhere);
    if (everywhere.length === 0 || isPing(protocol)) return [];
    const ports = portRange(fromPort, toPort, protocol);
    if (ports !== undefined && allowedOnly(ports, allowed)) return [];
    return [
      `${inWords(ports)} open to the whole internet (${everywhere.join(", ")}): name the addresses that may come in, ` +
        `or allow the port in the policy's configuration (allowPorts)`,
    ];
  });
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

/** `0.0.0.0/0`, `::/0` and every other spelling of "all addresses". */
function isEverywhere(cidr: unknown): cidr is string {
  return typeof cidr === "string" && /\/0+$/.test(cidr.trim());
}

/** ICMP knows no ports: the two numbers are a message's type and code. */
function isPing(protocol: unknown): boolean {
  return ["icmp", "icmpv6", "1", "58"].includes(String(protocol));
}

/** undefined where all ports are meant. */
function portRange(from: unknown, to: unknown, protocol: unknown): [number, number] | undefined {
  if (["-1", "all"].includes(String(protocol)) || typeof from !== "number") return undefined;
  return [from, typeof to === "number" ? to : from];
}

function allowedOnly([from, to]: [number, number], allowed: readonly number[]): boolean {
  for (let port = from; port <= to; port++) if (!allowed.includes(port)) return false;
  return true;
}

function inWords(ports: [number, number] | undefined): string {
  if (!ports) return "all ports are";
  return ports[0] === ports[1] ? `port ${ports[0]} is` : `ports ${ports[0]} to ${ports[1]} are`;
}
