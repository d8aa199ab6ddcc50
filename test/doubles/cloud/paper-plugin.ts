// In place of Pulumi's plugins for AWS, Docker and Kubernetes where no cloud is wanted: everything is on paper, made at once and never looked at.
import { randomBytes } from "node:crypto";
import { serve, type Props, type Type } from "./plugin.ts";

const { version = "", address = "" } = JSON.parse(process.env.PAPER_CLOUD ?? "{}") as Record<string, string>;

/** What the clouds fill in, as far as a program reads it. */
const filledIn: Record<string, Props> = {
  "aws:ec2/eip:Eip": { publicIp: address, allocationId: "eipalloc-0123456789abcdef0" },
  "aws:iam/role:Role": { name: "role-1", arn: "arn:aws:iam::123456789012:role/role-1" },
  "aws:iam/instanceProfile:InstanceProfile": { name: "profile-1" },
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": { locations: ["eu-central-1b", "eu-central-1a"] },
  "aws:ssm/getParameter:getParameter": { insecureValue: "ami-0123456789abcdef0" },
};

const prefixes: Record<string, string> = { "aws:ebs/volume:Volume": "vol-", "aws:ec2/instance:Instance": "i-" };

function onPaper(type: string): Type {
  return {
    // A container is made anew for every change, as Docker's plugin does it; all else is changed.
    ...(type.endsWith(":Container") ? { deleteBeforeReplace: true } : { replacedBy: [] }),
    create: () =>
      Promise.resolve({ id: `${prefixes[type] ?? ""}${randomBytes(8).toString("hex")}`, outs: filledIn[type] ?? {} }),
    delete: () => Promise.resolve(),
  };
}

const types = new Proxy<Record<string, Type>>({}, { get: (_, type) => onPaper(String(type)) });
await serve(version, types, (token, inputs) => Promise.resolve({ ...inputs, ...filledIn[token] }));
