import type * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { referencedNames } from "../../declaration/names.ts";
import { isFirst } from "../../providers/airbyte/first.ts";
import { faker, load, mistakesOf, project, values } from "./project.ts";

const stack = values({ token: "t-0ken" }, { count: "7" });
const text = (value: string, more = "") =>
  `sources: { crm: { definitionId: ${faker}, configuration: { auth: { value: "${value}" } }${more} } }`;

test("a reference for the creation alone is marked, whatever it refers to, and keeps its type", async () => {
  for (const [reference, expected] of [
    ["${first:secret:token}", "t-0ken"],
    ["${first:number:count}", 7],
  ] as const) {
    const { auth } = load(text(reference), stack).sources.crm!.configuration as {
      auth: { value: pulumi.Output<unknown> };
    };
    expect(isFirst(auth.value)).toBe(true);
    expect(await new Promise<unknown>((resolve) => auth.value.apply(resolve))).toBe(expected);
  }
  const folder = project({ "pipelines.yaml": text("${first:secret:token}") });
  expect(referencedNames(folder).secrets).toEqual(["token"]);
});

test("it stands alone, in a configuration, and names what the stack has", () => {
  expect(mistakesOf(text("a-${first:secret:token}"), stack)).toEqual([expect.stringMatching(/stands alone/)]);
  expect(mistakesOf(text("${first:secret:tokn}"), stack)).toEqual([expect.stringMatching(/did you mean "token"/)]);
  expect(mistakesOf(text("x", ', name: "${first:config:count}"'), stack)).toEqual([
    expect.stringMatching(/sources\.crm\.name.*works in a configuration alone/),
  ]);
  expect(mistakesOf(text("${first:token}"), stack)).toEqual([expect.stringMatching(/is not known/)]);
});
