// Which Pythons there are. Airbyte's own connectors are Python programs; nothing else here needs one. Runs on Node 18.
import { execFile } from "node:child_process";
import { atLeast } from "./versions.mjs";

/** The oldest Python that Airbyte's own connectors run on. */
const pythonMinimum = "3.10";

const names = ["python3", "python3.11", "python3.12", "python3.10", "python3.13", "python"];

// What Debian leaves out of python3 is told apart from a Python that is too old.
const probe = "import sys; print('.'.join(map(str, sys.version_info[:3])))\nimport venv, ensurepip\nprint('venv')";

/**
 * The Pythons on PATH, the machine's own first: `{command, version, venv}`, venv telling whether it can make environments.
 *
 * @typedef {{ command: string, version: string, venv: boolean }} Python
 */
export async function pythonsOnPath(env = process.env) {
  const answers = await Promise.all(names.map((command) => ask(command, env)));
  return answers.filter(({ version }) => /^\d+\.\d+\.\d+$/.test(version));
}

/**
 * The first of them from version `from`, below version `below`, that can make virtual environments; or `{missing}`, which says why
 * there is none and what to do.
 *
 * @param {readonly Python[]} pythons
 * @returns {(Python & { missing?: undefined }) | { missing: string }}
 */
export function choosePython(pythons, from = pythonMinimum, below = "4") {
  const inRange = pythons.filter(({ version }) => atLeast(version, from) && !atLeast(version, below));
  const found = inRange.find(({ venv }) => venv);
  if (found) return found;
  const wanted = `Python ${from} or newer${below === "4" ? "" : ` and older than ${below}`} is needed`;
  if (inRange.length > 0) {
    const version = inRange[0]?.version;
    return {
      missing: `${wanted}, and Python ${version} can't make environments (Debian, Ubuntu: apt install python3-venv)`,
    };
  }
  const versions = [...new Set(pythons.map(({ version }) => version))];
  const there = versions.length > 0 ? `there is only ${versions.join(", ")}` : "there is no Python";
  return { missing: `${wanted}, and ${there} on PATH` };
}

/**
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Python>}
 */
function ask(command, env) {
  return new Promise((resolve) => {
    execFile(command, ["-c", probe], { env, timeout: 15_000 }, (_error, stdout) => {
      const [version = "", venv] = stdout.split("\n");
      resolve({ command, version, venv: venv === "venv" });
    });
  });
}
