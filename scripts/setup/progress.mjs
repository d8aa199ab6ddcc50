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
export function elapsed(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
