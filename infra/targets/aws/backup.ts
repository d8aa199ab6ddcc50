import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { assumedBy } from "./host.ts";

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
