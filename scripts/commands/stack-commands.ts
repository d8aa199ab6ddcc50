import { command, stackOption } from "./command.ts";

export const adopt = command({
  name: "adopt",
  summary:
    "turn what lives in an Airbyte into a file of pipelines, and take it into the stack's state, so that the next preview shows no change",
  details: "Writes nothing to Airbyte. docs/adopt.md tells more.",
  options: {
    url: { value: "ADDRESS", about: "the Airbyte, for a stack that has none yet (default: the stack's own)" },
    workspace: {
      value: "ID",
      several: true,
      about:
        "the workspace, by id or name; several times for several, all for all (default: the stack's own, or the only one)",
    },
    also: { value: "KINDS", several: true, about: "permissions,applications too: to delete those can lock people out" },
    out: {
      value: "FILE",
      about: "where to (default: the stack's file of pipelines, as long as that declares nothing of one's own)",
    },
    force: { about: "replace that file all the same; a copy is kept beside it" },
    "ask-secrets": {
      about:
        "${secret:NAME} for each secret that Airbyte doesn't show, and the commands to set them (default: ${stored}, which keeps the one that Airbyte has)",
    },
    "no-state": {
      about: "write the file alone, with the ids in it, by which the next npm start takes everything over",
    },
    "from-tfstate": {
      value: "FILE",
      about: "take over what a Terraform state of the provider airbytehq/airbyte holds, with its names and secrets",
    },
    typescript: { about: "write resource classes in place of YAML" },
    ...stackOption(),
  },
  examples: ["npm run adopt -- --url https://airbyte.example.com --workspace Marketing"],
  needsPulumi: true,
  run: async (call) => (await import("./adopt/take-over.ts")).takeOver(call),
});
