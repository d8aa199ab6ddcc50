// Which Python there is. Airbyte's own connectors are Python programs; nothing else here needs one. Runs on Node 18.
import { quietly } from "./process.mjs";
import { atLeast } from "./versions.mjs";

/** The oldest Python that Airbyte's own connectors run on. */
export const pythonMinimum = "3.10";

const names = ["python3", "python3.11", "python3.12", "python3.13", "python3.10", "python"];

// What Debian leaves out of python3 is told apart from a Python that is too old.
const probe = "import sys; print('.'.join(map(str, sys.version_info[:3])))\nimport venv, ensurepip\nprint('venv')";

/**
 * The first Python on PATH from version `from`, below version `below`, that can make virtual environments:
 * `{command, version}`; or `{missing}`, which says why there is none and what to do.
 */
export async function findPython(env, from = pythonMinimum, below = "4") {
  const unfit = [];
  for (const command of names) {
    const { code, stdout } = await quietly(command, ["-c", probe], { env, timeout: 15_000 });
    const [version, venv] = stdout.split("\n");
    if (!/^\d+\.\d+\.\d+$/.test(version)) continue;
    if (!atLeast(version, from) || atLeast(version, below)) unfit.push(version);
    else if (code === 0 && venv === "venv") return { command, version };
    else unfit.push(`${version} without venv (Debian, Ubuntu: apt install python3-venv)`);
  }
  const wanted = `Python ${from} or newer${below === "4" ? "" : `, older than ${below},`}`;
  const found = unfit.length > 0 ? `there is only ${[...new Set(unfit)].join(", ")}` : "there is no Python";
  return { missing: `${wanted} is needed, and ${found} on PATH` };
}
