import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Where the machine stands. */
export interface Network {
  vpcId: pulumi.Input<string>;
  subnetId: pulumi.Input<string>;
  /** The way to the internet: without it a machine's set-up gets nowhere. */
  route: pulumi.Resource[];
}

/** A network of one's own with a single public subnet: one machine needs no more, and a NAT gateway would cost as much as the machine. */
export function ownNetwork(
  name: string,
  availabilityZone: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): Network {
  const tags = { Name: name };
  const vpc = new aws.ec2.Vpc("airbyte", { cidrBlock: "10.83.0.0/16", enableDnsHostnames: true, tags }, options);
  const gateway = new aws.ec2.InternetGateway("airbyte", { vpcId: vpc.id, tags }, options);
  const subnet = new aws.ec2.Subnet(
    "airbyte",
    { vpcId: vpc.id, cidrBlock: "10.83.0.0/24", availabilityZone, mapPublicIpOnLaunch: false, tags },
    options,
  );
  const routes = [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }];
  const table = new aws.ec2.RouteTable("airbyte", { vpcId: vpc.id, routes, tags }, options);
  const route = new aws.ec2.RouteTableAssociation("airbyte", { subnetId: subnet.id, routeTableId: table.id }, options);
  return { vpcId: vpc.id, subnetId: subnet.id, route: [route] };
}

export interface Openings {
  /** Who may come in, to all that is open to them. */
  allowedCidrs: string[];
  /** Port 22, for Docker over SSH. Not needed where SSM carries it. */
  ssh: boolean;
  /** Port 80 for all the world, for Let's Encrypt's challenge. */
  acme: boolean;
}

/** The only firewall there is: ports that Docker publishes pass by the machine's own. */
export function firewall(
  name: string,
  vpcId: pulumi.Input<string>,
  { allowedCidrs, ssh, acme }: Openings,
  options: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const open = (port: number, cidrs: string[], description: string) => ({
    protocol: "tcp",
    fromPort: port,
    toPort: port,
    description,
    cidrBlocks: cidrs.filter((cidr) => !cidr.includes(":")),
    ipv6CidrBlocks: cidrs.filter((cidr) => cidr.includes(":")),
  });
  const ingress = [
    open(443, allowedCidrs, "Airbyte"),
    ...(ssh ? [open(22, allowedCidrs, "Docker over SSH")] : []),
    ...(acme ? [open(80, ["0.0.0.0/0"], "Challenge of Let's Encrypt")] : []),
  ];
  const everywhere = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] };
  return new aws.ec2.SecurityGroup(
    "airbyte",
    // A group's description can't be changed without replacing the group.
    { vpcId, description: "Airbyte on Pulumi", ingress, egress: [everywhere], tags: { Name: name } },
    options,
  );
}
