import { createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "../setup/local-folder.mjs";
import type { Project } from "./project.ts";

function passphraseFile(project: Pick<Project, "dir">): string {
  return join(localFolder(project.dir), "passphrase");
}

/**
 * The environment variables by which pulumi learns the passphrase: the user's own if there are any, else the file in `.airbyte/`,
 * generated if `mayGenerate`. Nothing where neither exists: pulumi then asks, or says which variables it wants.
 */
export function passphraseEnv(
  project: Pick<Project, "dir">,
  env: NodeJS.ProcessEnv,
  mayGenerate: boolean,
): { PULUMI_CONFIG_PASSPHRASE_FILE?: string } {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE) return {};
  const file = passphraseFile(project);
  if (!existsSync(file)) {
    if (!mayGenerate) return {};
    generate(file);
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

/** Of two runs that generate at the same time, the first to put its file in place wins and both use that one. */
function generate(file: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
}

/** The passphrase that pulumi is given by `env`; undefined if none. */
export function passphraseOf(env: NodeJS.ProcessEnv): string | undefined {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return env.PULUMI_CONFIG_PASSPHRASE;
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  return file && existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/**
 * Whether a salt of pulumi's (`v1:SALT:v1:NONCE:TEXT`, all base64) was made with this passphrase. The salt carries a known word
 * ("pulumi"), encrypted with AES-256-GCM by a key that PBKDF2 derives in a million rounds; that takes half a second, so it is asked
 * only after a failure.
 */
export function passphraseFits(passphrase: string, encryptionSalt: string): boolean {
  const part = (index: number) => Buffer.from(encryptionSalt.split(":")[index] ?? "", "base64");
  const [salt, nonce, text] = [part(1), part(3), part(4)];
  const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
  const decipher = createDecipheriv("aes-256-gcm", key, nonce);
  decipher.setAuthTag(text.subarray(-16));
  try {
    return Buffer.concat([decipher.update(text.subarray(0, -16)), decipher.final()]).toString() === "pulumi";
  } catch {
    return false;
  }
}
