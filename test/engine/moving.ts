import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureRunning } from "../../embedded/index.ts";
import { ownCommand } from "../docs/pages.ts";
import { projectDir } from "../scripts/modules.ts";
import { byHandAt, type Reached } from "./by-hand.ts";
import { finish, type Project, type Run } from "./project.ts";
import { API } from "./sample.ts";

type Connections = {
  data: { connectionId: string; name: string; status: string; schedule: { scheduleType: string } }[];
};

/** `npm run COMMAND` as it is once the set-up is done; `input` goes to its standard input. */
export function command({ dir, env }: Project, name: string, args: string[], input = ""): Promise<Run> {
  const script = JSON.stringify(join(projectDir, "scripts", `${name}.mjs`));
  const code = `const { ${name} } = await import(${script});
    try { process.exitCode = await ${name}(process.cwd(), ${JSON.stringify(args)}, process.env); }
    catch (error) { console.error(error.message); process.exitCode = error.exitCode ?? 1; }`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: dir,
    env: { ...env, INIT_CWD: dir },
  });
  child.stdin.end(input);
  return finish(child);
}

/** Types a line of the docs, with options that they leave to the reader. */
export function type(
  inProject: Project,
  line: string,
  { more = [], input = "" }: { more?: string[]; input?: string } = {},
) {
  const { name, args } = ownCommand(line);
  return command(inProject, name, [...args, ...more], input);
}

/** The embedded Airbyte of a stack. */
export const embeddedOf = ({ dir }: Project, stack: string) => ensureRunning(join(dir, ".airbyte", stack, "embedded"));

/** What an Airbyte has. */
export async function whatHas(airbyte: Reached) {
  const byHand = byHandAt(airbyte);
  const { data } = await byHand<Connections>("GET", `${API}/connections?limit=100`);
  const connections = Object.fromEntries(data.map((connection) => [connection.name, connection]));
  const idOf = (name: string) => connections[name]?.connectionId ?? "";
  const state = (name: string) => byHand("POST", "/api/v1/state/get", { connectionId: idOf(name) });
  const jobs = async (name: string) => {
    return (await byHand<{ data: object[] }>("GET", `${API}/jobs?connectionId=${idOf(name)}`)).data.length;
  };
  return { byHand, connections, statuses: data.map(({ status }) => status), idOf, state, jobs };
}
