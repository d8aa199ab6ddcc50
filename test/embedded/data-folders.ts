import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { reserveAddress, stop } from "../../embedded/index.ts";
import { freePort } from "../doubles/free-port.ts";
import { temporaryFolder } from "./start.ts";

/** A data folder with a free port, whose server is ended after the test. */
export async function dataFolder(): Promise<string> {
  const dataDir = join(temporaryFolder(), "airbyte");
  reserveAddress(dataDir, await freePort());
  onTestFinished(() => stop(dataDir));
  return dataDir;
}

/** As a server of the instance `an-instance` leaves them. */
export function writeCredentials(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true });
  const credentials = { instanceId: "an-instance", clientId: "c", clientSecret: "s" };
  writeFileSync(join(dataDir, "credentials.json"), JSON.stringify(credentials));
}

/** A zombie, which some containers never collect, is not. */
export function alive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  try {
    return process.kill(pid, 0) && !(existsSync(stat) && readFileSync(stat, "utf8").includes(") Z "));
  } catch {
    return false;
  }
}
