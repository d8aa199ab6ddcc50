import { execFile } from "node:child_process";
import { fixedCredentials, sshOptions, writeSshFiles } from "../../credentials/credentials.ts";
import { shellQuoted, UserError } from "../../errors/user-error.ts";
import { WAIT } from "../airbyte/api/waits.ts";
import { changedKeys } from "../airbyte/lifecycle/canonical.ts";
import type { Session } from "../airbyte/session.ts";
import type { Props, ResourceHandler } from "../resource-handler.ts";
import { waitUntil } from "./waiting.ts";

/** What a program declares of a machine that it reaches by SSH. */
export interface DockerHostInputs {
  /** Its id at the cloud: another machine is waited for anew. */
  instanceId: string;
  /** IP address or name. */
  address: string;
  /** Who signs in. */
  user: string;
  /** Folder of the stack's files, relative to the project. */
  stateDir: string;
  /** In place of a connection to port 22. */
  proxyCommand?: string;
  minutes: number;
}

/** `host` is the address for Docker's provider: only known once Docker answers there. */
export interface DockerHostOutputs extends DockerHostInputs {
  host: string;
}

/** A machine whose set-up is done and whose Docker answers. Creating it waits for that; there is nothing to delete. */
export const dockerHostHandler: ResourceHandler = {
  check: () => ({ mistakes: [] }),
  diff(_id, olds, news) {
    const changed = changedKeys(olds, news, ["host", "minutes", "stateDir"]);
    return { changes: changed.length > 0, replaces: changed.filter((key) => key === "instanceId") };
  },
  async create(inputs, session) {
    return { id: typed(inputs).instanceId, outs: await untilDocker(typed(inputs), session) };
  },
  read: (_id, state) => {
    const inputs = Object.fromEntries(Object.entries(state).filter(([key]) => key !== "host"));
    return Promise.resolve({ inputs, outs: state });
  },
  update: (_id, _olds, news, session) => untilDocker(typed(news), session),
  delete: () => Promise.resolve(),
};

async function untilDocker(inputs: DockerHostInputs, session: Session): Promise<DockerHostOutputs> {
  const { address, user, stateDir, proxyCommand, minutes } = inputs;
  writeSshFiles(stateDir, fixedCredentials(session.root().secret));
  const ssh = ["ssh", ...sshOptions(stateDir, proxyCommand), `${user}@${address}`];
  await waitUntil({
    what: `Docker on ${address}`,
    timeoutMs: minutes * 60_000,
    look: () => whyNoDocker(ssh),
    nextStep: `look with: ${[...ssh, "tail -n 50 /var/log/cloud-init-output.log"].map(shellQuoted).join(" ")}`,
    say: (line) => session.progress(line),
  });
  return { ...inputs, host: `ssh://${user}@${address}` };
}

/** Looks at the set-up first: a Docker that answers before its end may still be without its data. */
async function whyNoDocker(ssh: string[]): Promise<string | undefined> {
  const setUp = await run([...ssh, "cloud-init status"]);
  if (setUp.code === 255) return whyNoConnection(setUp.text);
  if (/status: (error|degraded)/.test(setUp.text)) {
    throw new UserError(`The machine's set-up (cloud-init) failed.`, {
      next:
        `see why with: ` +
        [...ssh, "grep -a airbyte-host-setup /var/log/cloud-init-output.log"].map(shellQuoted).join(" "),
    });
  }
  if (!setUp.text.includes("status: done"))
    return `the machine's set-up is under way (${setUp.text.split("\n")[0] ?? ""})`;
  const docker = await run([...ssh, "docker version --format '{{.Server.Version}}'"]);
  return docker.code === 0 ? undefined : `Docker doesn't answer (${lastLine(docker.text)})`;
}

/** Another host key than the one that the machine was given is another machine, and no time will mend that. */
function whyNoConnection(text: string): string {
  if (!/host key verification failed|host identification has changed/i.test(text)) return lastLine(text);
  throw new UserError(
    "The machine's SSH host key is not the one that it was given: something else answers at its address, or the machine was set up anew by hand.",
    {
      next: "if it is the machine, replace it: pulumi up --replace the URN of its Instance. No data are lost by that.",
    },
  );
}

function run([program = "", ...args]: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: WAIT.host.commandMs }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 255;
      resolve({ code, text: `${stdout}${stderr}`.trim() || (error?.message ?? "") });
    });
  });
}

function lastLine(text: string): string {
  return text.split("\n").at(-1) ?? "";
}

function typed(props: Props): DockerHostInputs {
  return props as unknown as DockerHostInputs;
}
