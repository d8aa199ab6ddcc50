import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { privatePem, sshPublicKey, type FixedCredentials } from "./credentials.ts";

/** The name under which the machine's host key is known, whatever its address is. */
const HOST_ALIAS = "airbyte-host";

/** Where a stack's files for SSH are: relative to the project, so that every checkout means its own. */
export function sshFiles(stateDir: string): { key: string; knownHosts: string } {
  return { key: join(stateDir, "ssh", "key"), knownHosts: join(stateDir, "ssh", "known_hosts") };
}

/** Makes the login's key and the list with the one machine that is trusted, both readable by their owner alone. */
export function writeSshFiles(stateDir: string, keys: Pick<FixedCredentials, "sshHostKey" | "sshUserKey">): void {
  const { key, knownHosts } = sshFiles(stateDir);
  mkdirSync(join(stateDir, "ssh"), { recursive: true, mode: 0o700 });
  keep(key, privatePem(keys.sshUserKey));
  keep(knownHosts, `${HOST_ALIAS} ${sshPublicKey(keys.sshHostKey)}\n`);
}

function keep(file: string, content: string): void {
  if (!existsSync(file) || readFileSync(file, "utf8") !== content) {
    writeFileAtomic.sync(file, content, { mode: 0o600 });
  }
  chmodSync(file, 0o600);
}

/**
 * Options of `ssh` for the machine: its one host key, our one key, and nothing of the user's own files.
 *
 * @param proxyCommand in place of a connection to port 22, such as SSM's
 */
export function sshOptions(stateDir: string, proxyCommand?: string): string[] {
  const { key, knownHosts } = sshFiles(stateDir);
  const options = [
    "IdentitiesOnly=yes",
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    `UserKnownHostsFile=${knownHosts}`,
    "GlobalKnownHostsFile=/dev/null",
    `HostKeyAlias=${HOST_ALIAS}`,
    "ConnectTimeout=15",
    "ServerAliveInterval=15",
    ...(proxyCommand === undefined ? [] : [`ProxyCommand=${proxyCommand}`]),
  ];
  return ["-F", "none", "-i", key, ...options.flatMap((option) => ["-o", option])];
}
