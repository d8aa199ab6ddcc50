import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What a test's cloud keeps on disk, and where its programs are: the environment of both plugins. */
export interface World {
  folder: string;
  python: string;
  caddy: string;
  sshd: string;
  libraries: string;
}

export function world(env: NodeJS.ProcessEnv = process.env): World {
  return JSON.parse(env.TEST_CLOUD ?? "{}") as World;
}

/** Notes a process of a machine, so that it ends with the machine. */
export function noteProcess({ folder }: World, name: string, pid: number | undefined): void {
  mkdirSync(join(folder, "processes"), { recursive: true });
  writeFileSync(join(folder, "processes", name), String(pid));
}

/** Ends one noted process, or all. */
export function endProcesses({ folder }: World, only?: string): void {
  const noted = join(folder, "processes");
  if (!existsSync(noted)) return;
  for (const name of readdirSync(noted).filter((each) => only === undefined || each === only)) {
    try {
      process.kill(Number(readFileSync(join(noted, name), "utf8")));
    } catch {
      // It has ended by itself.
    }
    rmSync(join(noted, name));
  }
}

export function isRunning({ folder }: World, name: string): boolean {
  try {
    return process.kill(Number(readFileSync(join(folder, "processes", name), "utf8")), 0);
  } catch {
    return false;
  }
}

/**
 * Starts a machine's SSH server at its address: with the host key and the login of its user data, and programs that answer for
 * cloud-init and Docker. The user is one of its own list (nss_wrapper), so nothing of this system is changed.
 */
export function startSshd(world: World, address: string, userData: string): void {
  const config = parse(userData) as { ssh_keys: { ecdsa_private: string }; ssh_authorized_keys: string[] };
  const folder = join(world.folder, "ssh");
  mkdirSync(join(folder, "bin"), { recursive: true });
  const write = (name: string, text: string, mode = 0o600) => {
    writeFileSync(join(folder, name), text, { mode });
  };
  write("host_key", config.ssh_keys.ecdsa_private);
  write("authorized_keys", config.ssh_authorized_keys.join("\n"));
  write(
    "passwd",
    `root:x:0:0::/root:/bin/sh\nsshd:x:110:65534::/run/sshd:/bin/false\nubuntu:x:0:0::${folder}:/bin/sh\n`,
  );
  write("group", "root:x:0:\nnogroup:x:65534:\n");
  write("bin/cloud-init", '#!/bin/sh\necho "status: done"\n', 0o755);
  write("bin/docker", `#!/bin/sh\necho "$*" >>${folder}/docker-calls\necho 28.5.2\n`, 0o755);
  write(
    "config",
    [
      `ListenAddress ${address}:22`,
      `HostKey ${folder}/host_key`,
      `AuthorizedKeysFile ${folder}/authorized_keys`,
      "StrictModes no",
      "UsePAM no",
      "PidFile none",
      `SetEnv PATH=${folder}/bin:/usr/bin:/bin`,
      "",
    ].join("\n"),
  );
  mkdirSync("/run/sshd", { recursive: true });
  const env = {
    LD_LIBRARY_PATH: world.libraries,
    LD_PRELOAD: "libnss_wrapper.so",
    NSS_WRAPPER_PASSWD: join(folder, "passwd"),
    NSS_WRAPPER_GROUP: join(folder, "group"),
  };
  const child = spawn(world.sshd, ["-D", "-e", "-f", join(folder, "config")], { env, detached: true, stdio: "ignore" });
  child.unref();
  noteProcess(world, "sshd", child.pid);
}
