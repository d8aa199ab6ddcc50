import type { CommonInputs } from "../../lifecycle/handler.ts";
import type { ObjectLife } from "../../lifecycle/object-kind.ts";
import type { Tag, TagBody } from "./calls.ts";

export interface TagInputs extends CommonInputs, TagBody {}

export const tagLife: ObjectLife<TagInputs, Tag> = {
  shown: ({ name, color, workspaceId }, declared) => {
    // Digits are the same in capitals.
    const same = color.toLowerCase() === declared.color.toLowerCase();
    return { name, color: same ? declared.color : color, workspaceId };
  },
};
