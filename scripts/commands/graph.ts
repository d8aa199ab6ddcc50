import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../../errors/user-error.ts";
import { splitZone } from "../../providers/airbyte/kinds/connection/schedule.ts";
import { say } from "../setup/messages.mjs";
import { npmStart, openStack } from "../stack/open-stack.ts";
import { readProject } from "../stack/project.ts";
import { airbyteObjects, readResources, type AirbyteObject, type StateResource } from "../stack/state.ts";
import type { Call } from "./command.ts";

/** Every flowchart begins with it: by it a file is known to be one. */
export const FIRST_LINE = "%% The pipelines of a stack of Airbyte on Pulumi: npm run graph";

/** Prints the flowchart, and nothing else on standard output; resolves with the exit code. */
export async function draw(call: Call<{ markdown: boolean; out: string | undefined }>): Promise<number> {
  const { projectDir, stack, env } = call;
  const { out, markdown } = call.options;
  // npm starts every script in the project's folder; the user may be in another.
  const file = out === undefined ? undefined : resolve(env.INIT_CWD ?? projectDir, out);
  if (file !== undefined && existsSync(file) && !readFileSync(file, "utf8").includes(FIRST_LINE))
    throw new UserError(`${out ?? ""} is there already, and no graph: name another file.`);

  const project = readProject(projectDir, env);
  const opened = await openStack(project, stack, env, { create: false });
  // As the state has them: what is secret is encrypted there, and stays so.
  const chart = flowchart(await readResources(project, opened));
  if (chart === undefined) throw new UserError(`The stack ${stack} has no pipelines yet: ${npmStart(stack)}`);
  const text = markdown ? asMarkdown(chart) : chart;
  if (file === undefined) process.stdout.write(text);
  else {
    writeFileSync(file, text);
    say(`${out ?? ""} is written.`);
  }
  return 0;
}

/** The sources, destinations and connections of a state in Mermaid's words; undefined where there are none. */
export function flowchart(resources: readonly StateResource[]): string | undefined {
  const objects = airbyteObjects(resources).sort((a, b) => (a.name < b.name ? -1 : 1));
  const of = (kind: string) => objects.filter(({ type }) => type === kind);
  const [sources, destinations, connections] = [
    ends(of("Source"), "s"),
    ends(of("Destination"), "d"),
    of("Connection"),
  ];
  if (sources.size + destinations.size + connections.length === 0) return undefined;

  const foreign = new Foreign();
  const arrows = connections.map(({ name, inputs }) => {
    const from = sources.get(text(inputs.sourceId))?.node ?? foreign.node(text(inputs.sourceId));
    const to = destinations.get(text(inputs.destinationId))?.node ?? foreign.node(text(inputs.destinationId));
    const arrow = inputs.status === "inactive" ? "-.->" : "-->";
    return `  ${from} ${arrow}|${label(name, when(inputs))}| ${to}`;
  });
  const nodes = [
    ...[...sources.values()].map(({ node, title }) => `  ${node}([${title}])`),
    ...[...destinations.values()].map(({ node, title }) => `  ${node}[(${title})]`),
    ...foreign.lines(),
  ];
  return [FIRST_LINE, "flowchart LR", ...nodes, ...arrows, ""].join("\n");
}

/** As GitHub and GitLab show it in a page. */
export function asMarkdown(chart: string): string {
  return `\`\`\`mermaid\n${chart}\`\`\`\n`;
}

/** Nodes by Airbyte's id of what they stand for. Their own ids are no names: Mermaid reads some names as words of its language. */
function ends(objects: AirbyteObject[], letter: string): Map<string, { node: string; title: string }> {
  return new Map(
    objects.map(({ name, id, inputs }, index) => {
      return [id, { node: `${letter}${index + 1}`, title: label(name, text(inputs.connector)) }];
    }),
  );
}

/** What others manage: connections name it by its id alone. */
class Foreign {
  readonly #ids: string[] = [];

  node(id: string): string {
    if (!this.#ids.includes(id)) this.#ids.push(id);
    return `o${this.#ids.indexOf(id) + 1}`;
  }

  lines(): string[] {
    return this.#ids.map((id, index) => `  o${index + 1}{{${label(id, "managed by others")}}}`);
  }
}

function when({ schedule, status }: Record<string, unknown>): string {
  const paused = status === "inactive" ? "paused" : "";
  const { scheduleType = "manual", cronExpression = "", timeZone } = (schedule ?? {}) as Record<string, unknown>;
  if (scheduleType !== "cron") return [paused, "by hand"].filter(Boolean).join(", ");
  const split = splitZone(text(cronExpression));
  const zone = text(timeZone) || split.timeZone || "UTC";
  return [paused, `${split.cronExpression} ${zone}`].filter(Boolean).join(", ");
}

/** What is encrypted in the state is not text, and isn't shown. */
function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Lines in quotes, where Mermaid takes all but a few signs as they are. */
function label(...lines: string[]): string {
  return `"${lines.filter(Boolean).map(escaped).join("<br/>")}"`;
}

function escaped(line: string): string {
  return (
    line
      .replaceAll(/[\p{Cc}\u2028\u2029]/gu, " ")
      // A colon only because Mermaid looks for "style …: … #" in all of the text; %% and ` begin words of its own.
      .replaceAll(/["#%&<>:\\`]/g, (sign) => `#${sign.codePointAt(0) ?? 0};`)
  );
}
