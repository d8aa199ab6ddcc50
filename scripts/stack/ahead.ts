// What an operation needs on this machine is brought before it: Airbyte's own connectors, and files for SSH.
import { settingsFile } from "./config.ts";
import { askPulumi } from "./state.ts";
import type { OpenStack } from "./open-stack.ts";
import { readSettings } from "./overlay.ts";
import { stackFolder, type Project, type StackSettings } from "./project.ts";
import { say } from "../setup/messages.mjs";

/**
 * Installs what the declared pipelines need on the embedded Airbyte, with progress: else it would be installed on first use, in the middle of
 * an `up`, where nobody sees what it waits for. What can't be had is said, and stops nothing: it is simulated.
 */
export async function bringConnectors(project: Project, settings: StackSettings): Promise<void> {
  const key = `${project.name}:`;
  const ofProject = readSettings(project.file).config?.embedded as { default?: Embedded } | undefined;
  const ofStack = settings.config?.[`${key}embedded`] as Embedded | undefined;
  const { connectors = "auto" } = ofStack ?? ofProject?.default ?? {};
  if (connectors === "simulated") return;
  const wanted = await environmentsFor(
    project.dir,
    settings.config?.[`${key}pipelines`] as string | undefined,
    connectors,
  );
  if (wanted.length === 0) return;

  const { isInstalled, pythonEnvironment } = await import("../setup/python-environment.mjs");
  const { pythonsOnPath, whyNoPython } = await import("../../embedded/connectors/python/environments.ts");
  const missing = wanted.filter((name) => !isInstalled(name));
  const pythons = missing.length > 0 ? await pythonsOnPath() : [];
  for (const name of missing.filter((name) => whyNoPython(pythons, name) === undefined)) {
    try {
      await pythonEnvironment(name);
    } catch (error) {
      say(
        `  ${name} can't be installed: ${(error as Error).message}\n  Without it, it is simulated; every output of it says so.`,
      );
      return; // the next one would fail in the same way, after as long a wait
    }
  }
}

/** The setting `embedded`, as far as it matters here. */
interface Embedded {
  connectors?: string;
}

/** The names of the Python environments of these pipelines. */
export async function environmentsFor(
  projectDir: string,
  mainFile: string | undefined,
  mode: string,
): Promise<string[]> {
  const { connectorNames } = await import("../../declaration/names.ts");
  const { manifestRunner, publishedSources } = await import("../../embedded/connectors/published.ts");
  const { readSpec } = await import("../../embedded/connectors/program-source.ts");
  const { sources, destinations, manifests } = connectorNames(projectDir, mainFile);
  const isUsed = ({ type, name, definitionId }: { type: string; name: string; definitionId: string }) =>
    sources.some((used) => [definitionId, type, plain(name)].includes(plain(used)));
  // Of what nobody has an account for only the specification is asked; that is kept.
  const isNeeded = ({ needsAccount, requirement }: { needsAccount?: boolean; requirement: string }) =>
    mode === "real" || !needsAccount || !readSpec(requirement);
  return [
    ...publishedSources.filter((source) => isUsed(source) && isNeeded(source)).map(({ type }) => `source-${type}`),
    ...(manifests ? [manifestRunner.program] : []),
    ...(destinations.some((used) => databases.includes(plain(used))) ? ["pyairbyte"] : []),
  ];
}

/** Written through PyAirbyte: their types and their definitions. */
const databases = [
  "duckdb",
  "postgres",
  "94bd199c-2ff0-4aa2-b98e-17f0acb72610",
  "25c5221d-dce2-4163-ade9-739ef790f503",
];

/** `Sample Data`, `sample-data` and `source-sample-data` are the same. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(" ", "-")
    .replace(/^(?:source|destination)-/, "");
}

const usingSsh: readonly string[] = ["up", "preview", "refresh", "destroy", "import", "watch"];

/**
 * Makes the stack's files for SSH, where it has a rootSecret that can be read. Docker's provider reaches the machine with them; the program
 * makes them from that secret, but refresh and destroy don't run it, and a fresh clone has none. What is wrong with it, the program says better.
 */
export async function bringSshFiles(
  project: Project,
  stack: string,
  opened: OpenStack,
  verb: string | undefined,
): Promise<void> {
  if (verb === undefined || !usingSsh.includes(verb)) return;
  const args = ["config", "get", "rootSecret", "--stack", stack, ...settingsFile(opened)];
  const { code, stdout } = await askPulumi(project, opened, args);
  const rootSecret = stdout.trim();
  if (code !== 0 || rootSecret === "") return;

  const { fixedCredentials } = await import("../../credentials/credentials.ts");
  const { writeSshFiles } = await import("../../credentials/credentials.ts");
  writeSshFiles(stackFolder(project, stack, opened.settings), fixedCredentials(rootSecret));
}
