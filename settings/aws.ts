import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { isCidr, isWorld } from "./address-blocks.ts";
import { mistake, readyMinutes, text, whole, type Rule, type Setting } from "./setting.ts";

const id = (prefix: string) =>
  text.regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `expected an id such as ${prefix}-0a1b2c3d4e5f67890`);

const cidr = text.refine(isCidr, "expected a block of addresses such as 203.0.113.7/32");

/** An EC2 instance that the program makes. */
export const awsSettings = {
  aws: {
    about:
      "region; allowedCidrs, a list: who may reach Airbyte (no default); allowWorld (it may be the whole internet); instanceType (default m6i.xlarge: 4 CPUs, 16 GB); dataVolumeGb (100), rootVolumeGb (20), snapshotDays (7); vpcId and subnetId (default: a network of its own); connect: ssh (default) or ssm (port 22 stays shut); readyMinutes (how long an up waits; 40); tags.",
    example: {
      region: "eu-central-1",
      "allowedCidrs[0]": "203.0.113.7/32",
      allowWorld: "true",
      instanceType: "m6i.xlarge",
      dataVolumeGb: "100",
      rootVolumeGb: "20",
      snapshotDays: "7",
      vpcId: "vpc-0a1b2c3d4e5f67890",
      subnetId: "subnet-0a1b2c3d4e5f67890",
      connect: "ssm",
      readyMinutes: "60",
      "tags.team": "data",
    },
    in: {
      aws: z
        .strictObject({
          region: z
            .string("is missing; expected a region of AWS such as eu-central-1")
            .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "expected a region of AWS such as eu-central-1"),
          allowedCidrs: z
            .array(cidr, "is missing; expected a list of the blocks of addresses that may reach Airbyte")
            .min(1),
          allowWorld: z.boolean().default(false),
          instanceType: text
            .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "expected a type of instance such as m6i.xlarge")
            .default("m6i.xlarge"),
          dataVolumeGb: whole("a size in whole GB", 40, 16_384).default(100),
          rootVolumeGb: whole("a size in whole GB", 10, 16_384).default(20),
          snapshotDays: whole("a number of days", 1, 1000).default(7),
          vpcId: id("vpc").optional(),
          subnetId: id("subnet").optional(),
          connect: z.enum(["ssh", "ssm"]).default("ssh"),
          readyMinutes,
          tags: z.record(z.string(), z.string()).default({}),
        })
        .prefault({} as never),
    },
  },
} satisfies Record<string, Setting>;

export const awsRules: Rule[] = [
  function notTheWorld(value) {
    const given = value("aws.allowedCidrs");
    if (value("aws.allowWorld") === true) return [];
    const isList = Array.isArray(given);
    const blocks = isList ? given.map(String) : [String(given)];
    if (!isWorld(blocks)) return [];
    const one = blocks.findIndex((block) => isWorld([block]));
    const remedy = "name the addresses that may come in, or set aws.allowWorld to true";
    const text = `${one < 0 ? "together open" : "opens"} Airbyte to the whole internet, or a large part of it; ${remedy}`;
    return [{ path: ["aws", "allowedCidrs", ...(isList && one >= 0 ? [one] : [])], text }];
  },

  function ownNetwork(value) {
    const missing = ["aws.vpcId", "aws.subnetId"].filter((path) => value(path) === undefined);
    if (missing.length !== 1) return [];
    return missing.map((path) => mistake(path, "is missing; vpcId and subnetId are given together, or neither"));
  },
];

const variables = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/**
 * Whether this machine has credentials where AWS's tools look for them: variables, the two files, or the role of the EC2 instance
 * that it is. Whether they are good, only AWS can tell.
 */
export function hasAwsCredentials(env: NodeJS.ProcessEnv = process.env, home = homedir()): boolean {
  if (variables.some((name) => Boolean(env[name]))) return true;
  const files = [
    env.AWS_SHARED_CREDENTIALS_FILE ?? join(home, ".aws", "credentials"),
    env.AWS_CONFIG_FILE ?? join(home, ".aws", "config"),
  ];
  return files.some((file) => existsSync(file)) || isInstance();
}

function isInstance(): boolean {
  try {
    return readFileSync("/sys/devices/virtual/dmi/id/sys_vendor", "utf8").trim() === "Amazon EC2";
  } catch {
    return false;
  }
}
