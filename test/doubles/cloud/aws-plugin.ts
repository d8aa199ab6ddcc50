// In place of Pulumi's AWS plugin: real calls of AWS's API, for the types and inputs that the target `aws` uses.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { awsApi } from "./aws-api.ts";
import { iamTypes } from "./aws-iam.ts";
import { endProcesses, startSshd, world } from "./machines.ts";
import { serve, type Props, type Type } from "./plugin.ts";

const here = world();
const { call } = awsApi(here.python, "eu-central-1");
const ec2 = <T = Record<string, never>>(operation: string, parameters: object = {}) =>
  call<T>("ec2", operation, parameters);
const text = (value: unknown) => value as string;

function tags(type: string, inputs: Props) {
  const list = Object.entries((inputs.tags ?? {}) as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));
  return list.length > 0 ? { TagSpecifications: [{ ResourceType: type, Tags: list }] } : {};
}

interface Rule {
  protocol: string;
  fromPort: number;
  toPort: number;
  cidrBlocks: string[];
}

const permissions = (rules: unknown) =>
  (rules as Rule[]).map(({ protocol, fromPort, toPort, cidrBlocks }) => ({
    IpProtocol: protocol,
    FromPort: fromPort,
    ToPort: toPort,
    IpRanges: cidrBlocks.map((CidrIp) => ({ CidrIp })),
  }));

const types: Record<string, Type> = {
  "aws:ec2/eip:Eip": {
    async create(inputs) {
      const made = await ec2<Record<string, string>>("allocate_address", {
        Domain: "vpc",
        ...tags("elastic-ip", inputs),
      });
      return { id: made.AllocationId ?? "", outs: { publicIp: made.PublicIp, allocationId: made.AllocationId } };
    },
    delete: async (id) => void (await ec2("release_address", { AllocationId: id })),
  },
  "aws:ec2/vpc:Vpc": {
    async create(inputs) {
      const { Vpc } = await ec2<{ Vpc: { VpcId: string } }>("create_vpc", {
        CidrBlock: inputs.cidrBlock,
        ...tags("vpc", inputs),
      });
      return { id: Vpc.VpcId };
    },
    delete: async (id) => void (await ec2("delete_vpc", { VpcId: id })),
  },
  "aws:ec2/internetGateway:InternetGateway": {
    async create({ vpcId }) {
      const made = await ec2<{ InternetGateway: { InternetGatewayId: string } }>("create_internet_gateway");
      const id = made.InternetGateway.InternetGatewayId;
      await ec2("attach_internet_gateway", { InternetGatewayId: id, VpcId: vpcId });
      return { id };
    },
    async delete(id, { vpcId }) {
      await ec2("detach_internet_gateway", { InternetGatewayId: id, VpcId: vpcId });
      await ec2("delete_internet_gateway", { InternetGatewayId: id });
    },
  },
  "aws:ec2/subnet:Subnet": {
    async create(inputs) {
      const parameters = {
        VpcId: inputs.vpcId,
        CidrBlock: inputs.cidrBlock,
        AvailabilityZone: inputs.availabilityZone,
      };
      const { Subnet } = await ec2<{ Subnet: { SubnetId: string } }>("create_subnet", parameters);
      return { id: Subnet.SubnetId };
    },
    delete: async (id) => void (await ec2("delete_subnet", { SubnetId: id })),
  },
  "aws:ec2/routeTable:RouteTable": {
    async create({ vpcId, routes }) {
      const { RouteTable } = await ec2<{ RouteTable: { RouteTableId: string } }>("create_route_table", {
        VpcId: vpcId,
      });
      for (const { cidrBlock, gatewayId } of routes as Record<string, string>[]) {
        const route = { RouteTableId: RouteTable.RouteTableId, DestinationCidrBlock: cidrBlock, GatewayId: gatewayId };
        await ec2("create_route", route);
      }
      return { id: RouteTable.RouteTableId };
    },
    delete: async (id) => void (await ec2("delete_route_table", { RouteTableId: id })),
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    async create({ subnetId, routeTableId }) {
      const made = await ec2<Record<string, string>>("associate_route_table", {
        SubnetId: subnetId,
        RouteTableId: routeTableId,
      });
      return { id: made.AssociationId ?? "" };
    },
    delete: async (id) => void (await ec2("disassociate_route_table", { AssociationId: id })),
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    async create({ vpcId, description, ingress }) {
      const parameters = { GroupName: `airbyte-${Math.random()}`, Description: description, VpcId: vpcId };
      const made = await ec2<Record<string, string>>("create_security_group", parameters);
      await ec2("authorize_security_group_ingress", { GroupId: made.GroupId, IpPermissions: permissions(ingress) });
      return { id: made.GroupId ?? "" };
    },
    delete: async (id) => void (await ec2("delete_security_group", { GroupId: id })),
  },
  ...iamTypes(call),
  "aws:ebs/volume:Volume": {
    replacedBy: ["availabilityZone", "encrypted"],
    async create(inputs) {
      const { availabilityZone, size, encrypted, type } = inputs;
      const parameters = { AvailabilityZone: availabilityZone, Size: size, Encrypted: encrypted, VolumeType: type };
      const made = await ec2<Record<string, string>>("create_volume", { ...parameters, ...tags("volume", inputs) });
      return { id: made.VolumeId ?? "" };
    },
    delete: async (id) => void (await ec2("delete_volume", { VolumeId: id })),
  },
  "aws:ebs/snapshot:Snapshot": {
    async create(inputs) {
      const parameters = { VolumeId: inputs.volumeId, Description: inputs.description, ...tags("snapshot", inputs) };
      const made = await ec2<Record<string, string>>("create_snapshot", parameters);
      return { id: made.SnapshotId ?? "" };
    },
    delete: async (id) => void (await ec2("delete_snapshot", { SnapshotId: id })),
  },
  // moto has no Data Lifecycle Manager.
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": {
    create: () => Promise.resolve({ id: "policy-0123456789abcdef0" }),
    delete: () => Promise.resolve(),
  },
  "aws:ec2/instance:Instance": {
    replacedBy: ["ami", "subnetId"],
    deleteBeforeReplace: true,
    async create(inputs) {
      const { Instances } = await ec2<{ Instances: { InstanceId: string }[] }>("run_instances", {
        ImageId: inputs.ami,
        InstanceType: inputs.instanceType,
        SubnetId: inputs.subnetId,
        SecurityGroupIds: inputs.vpcSecurityGroupIds,
        IamInstanceProfile: { Name: inputs.iamInstanceProfile },
        MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
        UserData: inputs.userData,
        MinCount: 1,
        MaxCount: 1,
        ...tags("instance", inputs),
      });
      return { id: Instances[0]?.InstanceId ?? "" };
    },
    async delete(id) {
      // The machine's processes end with it.
      endProcesses(here);
      await ec2("terminate_instances", { InstanceIds: [id] });
    },
  },
  "aws:ec2/volumeAttachment:VolumeAttachment": {
    deleteBeforeReplace: true,
    async create({ instanceId, volumeId, deviceName }) {
      await ec2("attach_volume", { InstanceId: instanceId, VolumeId: volumeId, Device: deviceName });
      writeFileSync(join(here.folder, "attached"), text(volumeId));
      return { id: `vai-${text(instanceId)}` };
    },
    async delete(_id, { instanceId, volumeId, stopInstanceBeforeDetaching }) {
      if (stopInstanceBeforeDetaching) {
        endProcesses(here);
        await ec2("stop_instances", { InstanceIds: [instanceId] });
      }
      await ec2("detach_volume", { InstanceId: instanceId, VolumeId: volumeId });
    },
  },
  "aws:ec2/eipAssociation:EipAssociation": {
    deleteBeforeReplace: true,
    async create({ instanceId, allocationId }) {
      const made = await ec2<Record<string, string>>("associate_address", {
        InstanceId: instanceId,
        AllocationId: allocationId,
      });
      const found = await ec2<{ Addresses: { PublicIp: string }[] }>("describe_addresses", {
        AllocationIds: [allocationId],
      });
      const asked = { InstanceId: instanceId, Attribute: "userData" };
      const { UserData } = await ec2<{ UserData: { Value: string } }>("describe_instance_attribute", asked);
      startSshd(here, found.Addresses[0]?.PublicIp ?? "", Buffer.from(UserData.Value, "base64").toString());
      return { id: made.AssociationId ?? "" };
    },
    delete: async (id) => void (await ec2("disassociate_address", { AssociationId: id })),
  },
};

await serve("7.48.0", types, async (token, inputs) => {
  switch (token) {
    case "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": {
      const Filters = (inputs.filters as { name: string; values: string[] }[]).map(({ name, values }) => ({
        Name: name,
        Values: values,
      }));
      const asked = { LocationType: inputs.locationType, Filters };
      const found = await ec2<{ InstanceTypeOfferings: { Location: string }[] }>(
        "describe_instance_type_offerings",
        asked,
      );
      return { ...inputs, locations: found.InstanceTypeOfferings.map(({ Location }) => Location) };
    }
    // moto has the parameters of Amazon's own images only: the newest image that it has for Ubuntu's publisher serves here.
    case "aws:ssm/getParameter:getParameter": {
      const { Images } = await ec2<{ Images: { ImageId: string }[] }>("describe_images", { Owners: ["099720109477"] });
      return { ...inputs, insecureValue: Images[0]?.ImageId };
    }
    default:
      throw new Error(`the double knows no ${token}`);
  }
});
