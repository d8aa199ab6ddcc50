import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const confine = fileURLToPath(new URL("confine.py", import.meta.url));

/** What a program of others may use of this machine. */
export interface Rights {
  /** Files and folders, beside those of the system and of its Python. */
  read?: string[];
  /** Folders. */
  write: string[];
  /** Default: none. */
  memoryBytes?: number;
}

/** Of each connector that is read from: enough for a big page of an API, too little to bring a laptop down. */
export const memoryBytes = 4 * 1024 ** 3;
const openFiles = 4_096;
const fileBytes = 16 * 1024 ** 3;

/** The arguments with which a Python becomes the program, with these rights alone. */
export function confined(python: string, { read = [], write, memoryBytes }: Rights, program: string[]): string[] {
  const { SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE } = process.env;
  const certificates = [SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE].filter((path) => path !== undefined);
  const environment = dirname(dirname(python));
  const rights = {
    read: [environment, ...read, ...certificates],
    write,
    memoryBytes: memoryBytes ?? null,
    openFiles,
    fileBytes,
  };
  // Isolated and without site-packages: nothing of the program's own runs before the rights are gone.
  return ["-I", "-S", confine, JSON.stringify(rights), "--", python, ...program];
}

/** Which limit a program has met, judged by its last words; undefined where it is none. */
export function limitMet(text: string): string | undefined {
  if (/\bMemoryError\b|Cannot allocate memory|std::bad_alloc|Unable to allocate/.test(text))
    return `it needs more than ${memoryBytes / 1024 ** 3} GB of memory`;
  if (text.includes("Too many open files")) return `it opens more than ${openFiles} files`;
  if (text.includes("File too large")) return `it writes a file of more than ${fileBytes / 1024 ** 3} GB`;
  return undefined;
}
