import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "../../../settings/config.ts";
import { openTarget } from "../../../infra/targets/index.ts";
import type { Target } from "../../../infra/targets/target.ts";

export const ROOT = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";

/** A resource as the program declared it, secrets in plain text. */
export interface Declared {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** The same as the state has it: what is secret is not readable. */
  shown: unknown;
}

/** What the clouds fill in, as far as a program reads it. */
const filledIn: Record<string, Record<string, unknown>> = {
  "aws:ec2/eip:Eip": { publicIp: "203.0.113.10", allocationId: "eipalloc-1" },
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": { locations: ["eu-central-1b", "eu-central-1a"] },
  "aws:ssm/getParameter:getParameter": { insecureValue: "ami-1" },
  "aws:ec2/getSubnet:getSubnet": { availabilityZone: "eu-central-1c" },
  "pulumi-nodejs:dynamic/airbyte:ServerCertificate": { certificate: "CERTIFICATE", authority: "AUTHORITY" },
  "pulumi-nodejs:dynamic/airbyte:DockerHost": { host: "ssh://ubuntu@203.0.113.10" },
};

/** Runs a target's program without any cloud; resolves with what it declared and what it gave back. */
export async function declare(settings: Record<string, string>, preview: boolean, alsoSecret: string[] = []) {
  const declared: Declared[] = [];
  const mocks: pulumi.runtime.Mocks = {
    newResource({ type, name, inputs }) {
      declared.push({ type, name, inputs: plain(inputs) as Record<string, unknown>, shown: plain(inputs, "[secret]") });
      return { id: `${name}-id`, state: { ...(inputs as Record<string, unknown>), ...filledIn[type] } };
    },
    call: ({ token, inputs }) => ({ ...(inputs as Record<string, unknown>), ...filledIn[token] }),
  };
  const secrets = ["rootSecret", "tlsKey", "databasePassword", "storageSecretKey", ...alsoSecret].map(
    (key) => `project:${key}`,
  );
  await pulumi.runtime.setMocks(mocks, "project", "prod", preview);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [`project:${key}`, value])),
    secrets,
  );
  let target!: Target;
  await pulumi.runtime.runInPulumiStack(async () => {
    target = await openTarget(readConfig());
    return undefined;
  });
  await pulumi.runtime.disconnect(); // once everything is registered
  const find = (type: string, name?: string) => {
    const found = declared.find((each) => each.type.endsWith(type) && (name === undefined || each.name === name));
    if (!found)
      throw new Error(`${type} ${name ?? ""} is not declared; there are ${declared.map((d) => d.type).join(", ")}`);
    return found.inputs;
  };
  return { declared, find, target };
}

/** The value of an Output, or undefined where it isn't known. */
export function valueOf<T>(output: pulumi.Input<T> | undefined): Promise<T> {
  return new Promise((resolve) => pulumi.output(output).apply((value) => resolve(value as T)));
}

const SECRET = "4dabf18193072939515e22adb298388d";

/** Secrets arrive in an envelope. */
function plain(value: unknown, instead?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, instead));
  if (typeof value !== "object" || value === null || pulumi.asset.Asset.isInstance(value)) return value;
  const map = value as Record<string, unknown>;
  if (map[SECRET] !== undefined) return instead ?? plain(map.value);
  return Object.fromEntries(Object.entries(map).map(([key, inner]) => [key, plain(inner, instead)]));
}
