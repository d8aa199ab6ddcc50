import { join } from "node:path";
import { ensureRunning } from "../../embedded/index.ts";
import { ownCommand } from "../docs/pages.ts";
import { byHandAt, type Reached } from "./by-hand.ts";
import { command, type Project } from "./project.ts";
import { API } from "./sample.ts";

type Connections = {
  data: { connectionId: string; name: string; status: string; schedule: { scheduleType: string } }[];
};

/** Types a line of the docs, with options that they leave to the reader. */
export function type(
  inProject: Project,
  line: string,
  { more = [], input = "" }: { more?: string[]; input?: string } = {},
) {
  const { name, args } = ownCommand(line);
  return command(inProject, name, [...args, ...more], { input });
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
