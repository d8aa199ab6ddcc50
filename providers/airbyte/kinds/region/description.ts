import { z } from "zod";
import { describeKind } from "../describe.ts";
import { common, id, name } from "../fields.ts";

export const region = describeKind({
  kind: "region",
  title: "Regions of an organization, where its connections can run, by name.",
  about:
    "A region: a group of data planes, in which the workspaces that name it by `regionId` run their connections. Airbyte Cloud, and self-managed Airbyte with that feature.",
  fields: {
    name,
    organizationId: { schema: id.describe("The organization whose region it is."), replaceOnChange: true },
    enabled: {
      schema: z.boolean().optional().describe("Whether it takes jobs. Default: true."),
      resetTo: true,
    },
    ...common,
  },
  hasUniqueName: "organization",
  adoptedOnRequest: true,
  lostByReplacement: "its data planes are deleted with it, and workspaces that name it are left without one",
});
