// npm run graph: the pipelines of a stack as a Mermaid flowchart.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseOptions } from "./options.mjs";
import { readResources } from "./ask-pulumi.mjs";
import { parsePulumiArgs } from "./pulumi-args.mjs";
import { say } from "./setup/progress.mjs";
import { readProject } from "./setup/project.mjs";
import { openStack } from "./setup/stack.mjs";
import { StopError } from "./setup/stop.mjs";

/** Prints the flowchart, and nothing else on standard output; resolves with the exit code. */
export async function graph(projectDir, givenArgs, env) {
  const project = readProject(projectDir, env);
  const { stack, args } = parsePulumiArgs(givenArgs, env);
  const options = { out: { type: "string" }, markdown: { type: "boolean" } };
  const { out, markdown } = parseOptions("graph", args, options);
  const { asMarkdown, flowchart, FIRST_LINE } = await import("./graph/flowchart.ts");
  // npm starts every script in the project's folder; the user may be in another.
  const file = out && resolve(env.INIT_CWD ?? projectDir, out);
  if (file && existsSync(file) && !readFileSync(file, "utf8").includes(FIRST_LINE))
    throw new StopError(`${out} is there already, and no graph: name another file.`);

  const opened = await openStack(project, stack, env, { create: false });
  // As the state has them: what is secret is encrypted there, and stays so.
  const chart = flowchart(await readResources(project, opened));
  if (chart === undefined)
    throw new StopError(`The stack ${stack} has no pipelines yet: npm start -- --stack ${stack}`);
  const text = markdown ? asMarkdown(chart) : chart;
  if (file) {
    writeFileSync(file, text);
    say(`${out} is written.`);
  } else process.stdout.write(text);
  return 0;
}
