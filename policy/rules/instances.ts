import { isTrue, list, map, type Resource } from "../resource.ts";

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
