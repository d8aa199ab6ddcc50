import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { pythonWith, whyNoPython } from "../../clients/virtual-environment.ts";
import { debianProgram, unpacked } from "../debian-program.ts";
import { freePort } from "../free-port.ts";
import { awsApi, type AwsApi } from "./aws-api.ts";
import { endProcesses, type World } from "./machines.ts";

/** An AWS that is moto on this machine, whose machines are processes here. */
export interface Cloud {
  /** For the Pulumi CLI. */
  env: Record<string, string>;
  aws: AwsApi;
  world: World;
}

/** Starts it, or says why it can't be had here. */
export async function startCloud(): Promise<Cloud | { missing: string }> {
  // Elastic IPs of moto are in 127.0.0.0/8; on them ports 22 and 443 are taken, and sshd changes to a user.
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return { missing: "needs Linux and root, for ports 22 and 443" };
  const noPython = whyNoPython();
  if (noPython !== undefined) return { missing: `needs Python: ${noPython}` };
  const caddy = await debianProgram("caddy", "usr/bin/caddy");
  if (caddy.missing !== undefined) return caddy;
  const packages = ["openssh-server", "openssh-sftp-server", "libwrap0", "libnss-wrapper"];
  const ssh = await unpacked(packages).catch((error: unknown) => error as Error);
  if (ssh instanceof Error) return { missing: `needs Debian's packages ${packages.join(", ")}: ${ssh.message}` };
  const python = await pythonWith("moto[server]==5.2.5");

  const folder = mkdtempSync(join(tmpdir(), "cloud-"));
  const libraries = join(ssh, "usr/lib", process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu");
  const world = { folder, python, caddy: caddy.path, sshd: join(ssh, "usr/sbin/sshd"), libraries };
  const url = await startMoto(python);
  const env = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    TEST_CLOUD: JSON.stringify(world),
    PATH: `${plugins(folder)}:${process.env.PATH ?? ""}`,
  };
  const api = awsApi(python, "eu-central-1", { ...process.env, ...env });
  onTestFinished(() => {
    api.close();
    endProcesses(world);
    rmSync(folder, { recursive: true, force: true });
  });
  return { env, aws: api.call, world };
}

async function startMoto(python: string): Promise<string> {
  const port = await freePort();
  const env = { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true" };
  const child = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore", env });
  onTestFinished(() => void child.kill());
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(`${url}/moto-api/data.json`).catch(() => undefined);
    if (answer?.ok) return url;
    await delay(100);
  }
  throw new Error("moto did not start within 30 s");
}

/** A folder for the PATH where the engine finds the doubles. */
function plugins(folder: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of ["aws", "docker"]) {
    const main = join(import.meta.dirname, `${name}-plugin.ts`);
    const script = `#!/bin/sh\nexec "${process.execPath}" --disable-warning=ExperimentalWarning "${main}" "$@"\n`;
    writeFileSync(join(bin, `pulumi-resource-${name}`), script, { mode: 0o755 });
  }
  return bin;
}
