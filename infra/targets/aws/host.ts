import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Where the machine stands. */
interface Network {
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

interface Openings {
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

/** Ubuntu's own record of its newest image for 24.04, which carries the SSM agent. */
const UBUNTU = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";

interface HostSettings {
  name: string;
  instanceType: string;
  rootVolumeGb: number;
  network: Network;
  securityGroup: aws.ec2.SecurityGroup;
  dataVolume: aws.ebs.Volume;
  address: aws.ec2.Eip;
  /** cloud-init's configuration. Holds the machine's SSH key, so it is encrypted in the state. */
  userData: pulumi.Input<string>;
}

/** The machine and what ties it to its disk and its address: wait for both before using it. */
export interface Host {
  instance: aws.ec2.Instance;
  attachment: aws.ec2.VolumeAttachment;
  association: aws.ec2.EipAssociation;
}

/** Where the data are: Docker's whole folder. Outlives the machine, and the stack too unless its data are given up by name. */
export function dataVolume(
  name: string,
  volume: { availabilityZone: pulumi.Input<string>; size: number; backupTag: Record<string, string> },
  keep: boolean,
  options: pulumi.CustomResourceOptions,
): aws.ebs.Volume {
  const { availabilityZone, size, backupTag } = volume;
  return new aws.ebs.Volume(
    "airbyte-data",
    { availabilityZone, size, type: "gp3", encrypted: true, tags: { Name: `${name}-data`, ...backupTag } },
    // The zone is chosen once: data don't move, whatever machine is asked for later.
    { ...options, protect: keep, ignoreChanges: ["availabilityZone"] },
  );
}

/** The zones that have machines of this type, the first by name; a subnet's own where one is given. */
export function zoneFor(
  where: { instanceType: string; subnetId?: string | undefined },
  options: pulumi.InvokeOptions,
): pulumi.Output<string> {
  const { instanceType, subnetId } = where;
  if (subnetId !== undefined) return aws.ec2.getSubnetOutput({ id: subnetId }, options).availabilityZone;
  const filters = [{ name: "instance-type", values: [instanceType] }];
  const offers = aws.ec2.getInstanceTypeOfferingsOutput({ locationType: "availability-zone", filters }, options);
  return offers.locations.apply((zones) => {
    const [first] = [...zones].sort();
    if (first !== undefined) return first;
    throw new pulumi.RunError(
      `This region has no machines of the type ${instanceType}: pulumi config set --path aws.instanceType m6i.xlarge`,
    );
  });
}

/** The machine. Its image and set-up are those of its first day: a newer image alone must not replace it. */
export function host(settings: HostSettings, options: pulumi.CustomResourceOptions): Host {
  const { name, network, dataVolume, address } = settings;
  const image = aws.ssm.getParameterOutput({ name: UBUNTU }, options);
  const instance = new aws.ec2.Instance(
    "airbyte",
    {
      ami: image.insecureValue,
      instanceType: settings.instanceType,
      subnetId: network.subnetId,
      vpcSecurityGroupIds: [settings.securityGroup.id],
      iamInstanceProfile: instanceProfile(name, options).name,
      // One hop: the machine itself gets at its role, a container doesn't.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: {
        volumeType: "gp3",
        volumeSize: settings.rootVolumeGb,
        encrypted: true,
        tags: { Name: `${name}-root` },
      },
      userData: pulumi.secret(settings.userData),
      tags: { Name: name },
    },
    {
      ...options,
      // The old one must be gone before the disk can go to the new one.
      deleteBeforeReplace: true,
      ignoreChanges: ["ami", "userData"],
      dependsOn: network.route,
    },
  );
  const attachment = new aws.ec2.VolumeAttachment(
    "airbyte-data",
    { instanceId: instance.id, volumeId: dataVolume.id, deviceName: "/dev/sdf", stopInstanceBeforeDetaching: true },
    { ...options, deleteBeforeReplace: true },
  );
  const association = new aws.ec2.EipAssociation(
    "airbyte",
    { instanceId: instance.id, allocationId: address.allocationId },
    { ...options, deleteBeforeReplace: true },
  );
  return { instance, attachment, association };
}

/**
 * What Session Manager needs of a machine, as AWS's guide has it (Systems Manager, "Create a custom IAM role for Session Manager"). AWS's
 * own policy for it, AmazonSSMManagedInstanceCore, would also let the machine read every parameter of the account.
 */
const sessionManager = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*", // none of these knows a narrower one that a machine could be held to
    },
  ],
};

/** A role that lets the machine be reached by SSM Session Manager, and nothing else. */
function instanceProfile(name: string, options: pulumi.CustomResourceOptions): aws.iam.InstanceProfile {
  const role = new aws.iam.Role(
    "airbyte",
    { assumeRolePolicy: assumedBy("ec2.amazonaws.com"), description: "Machine of Airbyte", tags: { Name: name } },
    options,
  );
  const policy = new aws.iam.RolePolicy(
    "airbyte-ssm",
    { role: role.name, policy: JSON.stringify(sessionManager) },
    options,
  );
  return new aws.iam.InstanceProfile(
    "airbyte",
    { role: role.name, tags: { Name: name } },
    { ...options, dependsOn: [policy] },
  );
}

/** The policy that lets one of AWS's services act in a role. */
function assumedBy(service: string): string {
  const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** The tag by which Data Lifecycle Manager finds the volumes of a stack. */
export function backupTag(name: string): Record<string, string> {
  return { "airbyte-on-pulumi:backup": name };
}

/** A snapshot of the data volume every night, of which the last `days` are kept; those outlive the stack. */
export function dailySnapshots(name: string, days: number, options: pulumi.CustomResourceOptions): void {
  const role = new aws.iam.Role(
    "airbyte-backup",
    {
      assumeRolePolicy: assumedBy("dlm.amazonaws.com"),
      description: "Snapshots of Airbyte's data",
      tags: { Name: `${name}-backup` },
    },
    options,
  );
  const policy = new aws.iam.RolePolicyAttachment(
    "airbyte-backup",
    { role: role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole" },
    options,
  );
  new aws.dlm.LifecyclePolicy(
    "airbyte",
    {
      description: "Daily snapshots of the data of Airbyte",
      executionRoleArn: role.arn,
      state: "ENABLED",
      policyDetails: {
        resourceTypes: ["VOLUME"],
        targetTags: backupTag(name),
        schedules: [
          {
            name: "daily",
            createRule: { interval: 24, intervalUnit: "HOURS", times: "03:17" },
            retainRule: { count: days },
            copyTags: true,
          },
        ],
      },
      tags: { Name: name },
    },
    { ...options, dependsOn: [policy] },
  );
}

/**
 * A snapshot of the data before these releases are installed: an upgrade of Airbyte goes one way only. It is kept when the next one is
 * taken, and when the stack is destroyed.
 */
export function snapshotBefore(
  release: string,
  volume: aws.ebs.Volume,
  name: string,
  options: pulumi.CustomResourceOptions,
): aws.ebs.Snapshot {
  return new aws.ebs.Snapshot(
    `airbyte-before-${release}`,
    {
      volumeId: volume.id,
      description: `Data of ${name} before ${release}`,
      tags: { Name: `${name}-before-${release}` },
    },
    { ...options, retainOnDelete: true },
  );
}
