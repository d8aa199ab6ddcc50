// Airbyte's own connectors are installed on first use, in the middle of an `up`, where nobody sees what it waits for. Here they are
// installed before it, with progress.
import { readSettings } from "./setup/overlay.mjs";
import { say } from "./setup/progress.mjs";

/** Installs what the declared pipelines need on the embedded Airbyte. What can't be had is said, and stops nothing: it is simulated. */
export async function bringConnectors(project, settings) {
  const key = `${project.name}:`;
  const { config } = readSettings(project.file);
  const { connectors = "auto" } = settings.config?.[`${key}embedded`] ?? config?.embedded?.default ?? {};
  if (connectors === "simulated") return;
  const wanted = await environmentsFor(project.dir, settings.config?.[`${key}pipelines`], connectors);
  if (wanted.length === 0) return;

  const { isInstalled, pythonEnvironment } = await import("./setup/python-environment.mjs");
  const { pythonsOnPath, whyNoPython } = await import("../embedded/connectors/python/environments.ts");
  const missing = wanted.filter((name) => !isInstalled(name));
  const pythons = missing.length > 0 ? await pythonsOnPath() : [];
  for (const name of missing.filter((name) => whyNoPython(pythons, name) === undefined)) {
    try {
      await pythonEnvironment(name);
    } catch (error) {
      say(`  ${name} can't be installed: ${error.message}\n  Without it, it is simulated; every output of it says so.`);
      return; // the next one would fail in the same way, after as long a wait
    }
  }
}

/** The names of the Python environments of these pipelines. */
export async function environmentsFor(projectDir, mainFile, mode) {
  const { connectorNames } = await import("../declaration/connector-names.ts");
  const { manifestRunner, publishedSources } = await import("../embedded/connectors/published.ts");
  const { readSpec } = await import("../embedded/connectors/program-source.ts");
  const { sources, destinations, manifests } = connectorNames(projectDir, mainFile);
  const isUsed = ({ type, name, definitionId }) =>
    sources.some((used) => [definitionId, type, plain(name)].includes(plain(used)));
  // Of what nobody has an account for only the specification is asked; that is kept.
  const isNeeded = ({ needsAccount, requirement }) => mode === "real" || !needsAccount || !readSpec(requirement);
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
function plain(name) {
  return name
    .toLowerCase()
    .replaceAll(" ", "-")
    .replace(/^(?:source|destination)-/, "");
}
