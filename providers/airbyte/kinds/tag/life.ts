import type { Tag, TagBody } from "./calls.ts";
import type { CommonInputs } from "../../lifecycle/handler.ts";
import { requireText, requireUuid, textMistake } from "../../lifecycle/inputs.ts";
import type { ObjectKind } from "../../lifecycle/object-kind.ts";

export interface TagInputs extends CommonInputs, TagBody {}

const LONGEST_NAME = 30;

export const tag: ObjectKind<TagInputs, Tag> = {
  kind: "tag",
  calls: (objects) => objects.tags,
  check: (inputs) => [
    ...requireText(inputs, "name"),
    ...textMistake(inputs, "name", (name) => name.length <= LONGEST_NAME, `at most ${LONGEST_NAME} characters`),
    ...requireText(inputs, "color"),
    ...textMistake(
      inputs,
      "color",
      (color) => /^[0-9a-f]{6}$/i.test(color),
      "six hexadecimal digits without #, such as 1F77B4",
    ),
    ...requireUuid(inputs, "workspaceId"),
  ],
  fixed: ["workspaceId"],
  nameOf: ({ name }) => name,
  workspaceOf: ({ workspaceId }) => workspaceId,
  identity: () => ({}),
  shown: ({ name, color, workspaceId }, declared) => {
    // Digits are the same in capitals.
    const same = color.toLowerCase() === declared.color.toLowerCase();
    return { name, color: same ? declared.color : color, workspaceId };
  },
};
