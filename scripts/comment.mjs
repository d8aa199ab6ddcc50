// npm run comment: in a run of GitHub Actions or GitLab CI, puts what a preview printed on the pull request that the run is for.
import { readFileSync } from "node:fs";
import { parsePulumiArgs } from "./pulumi-args.mjs";
import { StopError } from "./setup/stop.mjs";

/** Resolves with the exit code. */
export async function comment(givenArgs, env) {
  const { stack, args } = parsePulumiArgs(givenArgs, env);
  if (args.length !== 1)
    throw new StopError(
      "npm run comment takes one file, which holds what a preview printed: npm run comment -- preview.txt",
      2,
    );
  const { place, missing } = (await import("./comment/place.ts")).pullRequest(env);
  if (missing !== undefined) throw new StopError(missing);
  const { keepOne, words } = await import("./comment/comment.ts");
  const done = await keepOne(place, words(stack, read(args[0])));
  if ("refused" in done) throw new StopError(done.refused);
  console.log(`The comment on the ${place.name} is ${done.isNew ? "there" : "up to date"}.`);
  return 0;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new StopError(`${file} can't be read; it should hold what a preview printed.`);
  }
}
