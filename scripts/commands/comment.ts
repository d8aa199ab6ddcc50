import { command, stackOption } from "./command.ts";

export const comment = command({
  name: "comment",
  summary:
    "in GitHub Actions or GitLab CI, put what a preview printed on the pull request, as one comment for each stack, which the next run updates",
  details: "docs/ci.md has complete recipes.",
  args: { shown: "FILE", least: 1 },
  line: "-- FILE [--stack NAME]",
  options: stackOption("the stack that was previewed"),
  examples: ["npm run comment -- preview.txt --stack prod"],
  run: async (call) => (await import("./comment/pull-request.ts")).writeComment(call),
});
