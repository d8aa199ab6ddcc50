// What set-up says: its steps, and what ends it. Runs on Node 18.

// All words of our own go to stderr: stdout belongs to pulumi (`npm run -s pulumi -- stack output --json | jq`).

const everyMs = 10_000;

/** @param {string} text */
export function say(text) {
  console.error(text);
}

/**
 * Announces a long step, and every ten seconds says that it is still at work.
 *
 * @param {string} label
 * @param {string} [usually]
 */
export function startStep(label, usually) {
  const started = Date.now();
  let detail = "";
  say(`${label}${usually ? ` (usually ${usually})` : ""} …`);
  const timer = setInterval(() => {
    say(`  … ${elapsed(Date.now() - started)}${detail ? `, ${detail}` : ""}`);
  }, everyMs);
  return {
    /** @param {string} text */
    detail(text) {
      detail = text.length > 90 ? `${text.slice(0, 89)}…` : text;
    },
    end() {
      clearInterval(timer);
    },
  };
}

/** @param {number} ms */
function elapsed(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** That of errors/user-error.ts, which is TypeScript: set-up runs where nothing can read that yet. */
const brand = Symbol.for("airbyte-on-pulumi/user-error");

/** Ends the set-up with a message that is complete in itself: what happened and what to do. A `UserError`, as far as set-up needs one. */
export class StopError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "StopError";
    this.summary = message;
    Object.assign(this, { [brand]: true });
  }
}

/**
 * Whether an error is told by its message alone, without a stack trace.
 *
 * @param {unknown} error
 * @returns {error is Error & { exitCode?: number }}
 */
export function explainsItself(error) {
  return error instanceof Error && brand in error;
}

// What is behind a failure of the system, or of a program that has said so in its own words, and what to do.
const causes = [
  {
    marks: /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i,
    words: "The disk, or your share of it, is full: make room, or set XDG_CACHE_HOME to a folder on another disk.",
  },
  {
    marks: /EROFS|read-only file system/i,
    words:
      "Nothing can be written there: put the project into a folder that can be written; for a home folder that can't, set HOME to another one.",
  },
  {
    marks: /EACCES|EPERM|permission denied/i,
    words:
      "This user may not do that there: run it as the one whom the project's folder belongs to, with a home folder of its own (HOME).",
  },
  {
    marks: /SELF_SIGNED_CERT|UNABLE_TO_(?:GET|VERIFY)|CERT_HAS_EXPIRED|x509: /,
    words:
      "The server's certificate isn't trusted here: behind a proxy that signs anew, set NODE_EXTRA_CA_CERTS and SSL_CERT_FILE to its authority.",
  },
  {
    marks:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|E(?:NET|HOST)UNREACH|ERR_SOCKET_TIMEOUT|no such host|connection refused|i\/o timeout|network is unreachable/,
    words:
      "The network can't be reached: check it, and where there is only a proxy set HTTPS_PROXY to its address, as in http://proxy.example.com:3128.",
  },
];

/**
 * A sentence with what to do, for an error's code or a program's output; undefined where nothing is known.
 *
 * @param {string} text
 */
export function causeOf(text) {
  return causes.find(({ marks }) => marks.test(text))?.words;
}

/**
 * The same for an error that Node throws for the system; undefined for every other, which is a mistake of ours.
 *
 * @param {any} error
 * @returns {string | undefined}
 */
export function systemErrorInWords(error) {
  if (error?.code === "ERR_SYSTEM_ERROR" && error.info?.syscall === "uv_os_homedir")
    return "This user has no home folder: set HOME to a folder that can be written.";
  if (typeof error?.syscall !== "string") return undefined;
  if (error.syscall === "mkdtemp" && error.code === "ENOENT")
    return `The folder for temporary files is missing (${error.path}): set TMPDIR to one that is there.`;
  // what a folder with all that is above it can't be made in, Node calls missing
  const code = error.syscall === "mkdir" && error.code === "ENOENT" ? "EROFS" : error.code;
  const cause = causeOf(code ?? "");
  return cause && `${error.message}\n${cause}`;
}
