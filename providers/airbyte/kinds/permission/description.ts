import { z } from "zod";
import { describeKind } from "../describe.ts";
import { common, id, place, text } from "../fields.ts";

const ROLES = {
  organizationId: ["admin", "editor", "runner", "reader", "member"].map((role) => `organization_${role}`),
  workspaceId: ["admin", "editor", "runner", "reader"].map((role) => `workspace_${role}`),
};

export const permission = describeKind({
  kind: "permission",
  title: "Who may do what, by name.",
  about: "What a user may do in a workspace (by default the stack's own) or an organization.",
  fields: {
    permissionType: {
      schema: z.enum(Object.values(ROLES).flat()).describe("What the user may do."),
      inPrograms: { type: "pulumi.Input<string>" }, // what it takes may come from elsewhere, as text
    },
    userId: {
      schema: id.optional().describe("The user's id in Airbyte; or give `userEmail`."),
      replaceOnChange: true,
    },
    userEmail: { schema: text.optional().describe("The address that the user signs in with.") },
    workspace: place.workspace,
    workspaceId: {
      schema: place.workspaceId.schema,
      inPrograms: {
        type: "Reference",
        about: "The workspace, or its id. Default: the handle's, unless `organizationId` is given.",
      },
      replaceOnChange: true,
    },
    organizationId: {
      schema: id.optional().describe("In place of a workspace: the organization."),
      replaceOnChange: true,
    },
    adopt: {
      schema: z
        .union([z.boolean(), id])
        .optional()
        .describe("Takes over what exists instead of creating it: its id, or `true` for the user's in this place."),
      inPrograms: {
        about:
          "Takes over what exists instead of creating: an id, or `true` for the user's permission in this place. Only the first `up` of the resource looks at it; its preview says what would change.",
      },
    },
    renamedFrom: common.renamedFrom,
    protect: common.protect,
  },
  adoptedOnRequest: true,
  exclusive: [
    {
      keys: ["workspace", "workspaceId", "organizationId"],
      needed: "the workspace's id, or in organizationId that of an organization",
      isFilled: true,
    },
    { keys: ["userId", "userEmail"], needed: "the user's id, or the address in userEmail", isCompleted: true },
  ],
  across: ({ workspace, workspaceId, organizationId, permissionType }) => {
    const isOfWorkspace = organizationId === undefined;
    const other = isOfWorkspace ? "organizationId" : "workspaceId";
    if (typeof permissionType !== "string" || !ROLES[other].includes(permissionType)) return [];
    if (isOfWorkspace && (workspace ?? workspaceId) === undefined)
      return [{ path: ["permissionType"], text: `${permissionType} needs ${other}` }];
    const place = !isOfWorkspace ? "organizationId" : workspace === undefined ? "workspaceId" : "workspace";
    return [{ path: ["permissionType"], text: `${permissionType} needs ${other} in place of ${place}` }];
  },
});
