// npm run connect -- --from PLATFORM --stack NAME: a stack of pipelines gets what it needs to live in the Airbyte of another stack.
import { UserError } from "../../errors/user-error.ts";
import { say } from "../setup/messages.mjs";
import { accessTo, noAirbyte } from "../stack/airbyte.ts";
import { setConfig } from "../stack/config.ts";
import { openStack } from "../stack/open-stack.ts";
import { readProject, shortName, type Project } from "../stack/project.ts";
import { setting, stackFacts } from "../stack/stack-facts.ts";
import { mistake } from "./command-line.ts";
import type { Call } from "./command.ts";

/** Resolves with the exit code. What is secret goes from process to process by standard input and output. */
export async function connectStacks(call: Call<{ from: string | undefined }>): Promise<number> {
  const { projectDir, stack, options, env } = call;
  const project = readProject(projectDir, env);
  const { from: platform } = options;
  if (platform === undefined) throw mistake("connect", "Say which stack owns the Airbyte: --from STACK");
  if (shortName(platform) === shortName(stack)) {
    throw new UserError(
      `${stack} can't live in its own Airbyte. Name the stack of the pipelines: npm run connect -- --from ${platform} --stack NAME`,
      { exitCode: 2 },
    );
  }
  process.chdir(projectDir); // paths in the settings are relative to the project
  const { clientSecret, ...plain } = await readPlatform(project, platform, env);
  const opened = await openStack(project, stack, env, { create: true });
  for (const [key, value] of Object.entries({ target: "existing", platform, ...plain })) {
    if (value !== undefined) await setConfig(project, opened, key, value);
  }
  await setConfig(project, opened, "clientSecret", clientSecret, true);
  say(`${stack} lives in the Airbyte of ${platform}, and has its own credentials for it.`);
  say(`Next: npm run pulumi -- config set pipelines FILE --stack ${stack}, and npm start -- --stack ${stack}`);
  return 0;
}

/** Workspace, certificate authority and credentials of a stack's Airbyte. Its rootSecret stays with it. */
async function readPlatform(project: Project, platform: string, env: NodeJS.ProcessEnv) {
  const opened = await openStack(project, platform, env, { create: false });
  const facts = await stackFacts(project, platform, opened);
  const { keptUrl, keptWorkspaceId: workspaceId, keptCaCertificate } = facts;
  if (keptUrl === undefined) throw noAirbyte(platform);
  const entry = { airbyteUrl: keptUrl, declaredAs: `${facts.stack}/connect` };
  const { clientId, clientSecret } = await accessTo(facts).enter(entry);
  if (clientId === undefined || clientSecret === undefined)
    throw new UserError(`${platform} signs in without clientId and clientSecret, and can give none: set them by hand.`);
  return { workspaceId, caCertificate: keptCaCertificate ?? setting(facts, "caCertificate"), clientId, clientSecret };
}
