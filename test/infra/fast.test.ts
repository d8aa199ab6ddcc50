import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { refuseOthers } from "../../infra/fast.ts";

test("a fast stack takes resources of Airbyte, and references to other stacks", () => {
  refuseOthers({ type: "pulumi-nodejs:dynamic/airbyte:Source", name: "users" });
  refuseOthers({ type: "pulumi:pulumi:StackReference", name: "organization/project/platform" });
});

test("and ends at any other, by its name: a run that is cut off would lose it", () => {
  const declare = () => refuseOthers({ type: "aws:s3/bucket:Bucket", name: "files" });
  expect(declare).toThrow('found aws:s3/bucket:Bucket "files".\n  npm run pulumi -- config set fast false');
  expect(declare).toThrow(expect.toSatisfy((error) => pulumi.RunError.isInstance(error)));
});
