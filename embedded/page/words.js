// Numbers and states, in words and signs.
import { fill, h, svg } from "./dom.js";

/** @import {JobStatus, JobType, ConnectionStatus} from "../state.ts" */
/** @import {Overview, ShownConnection} from "../api/page/shapes.ts" */

/** @param {number} count */
export const number = (count) => count.toLocaleString("en");

/**
 * @param {number} count
 * @param {string} one
 */
export const plural = (count, one) => `${number(count)} ${one}${count === 1 ? "" : "s"}`;

/** @param {{name: string, namespace: string | null}} stream */
export const fullName = ({ name, namespace }) => (namespace === null ? name : `${namespace}.${name}`);

/** @param {number} bytes */
export function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const at = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** at;
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  const seconds = Math.max(0, milliseconds / 1000);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** @param {number} time epoch milliseconds */
export function ago(time) {
  const seconds = Math.round((time - Date.now()) / 1000);
  if (Math.abs(seconds) < 5) return "just now";
  if (Math.abs(seconds) < 60) return relative.format(seconds, "second");
  if (Math.abs(seconds) < 3600) return relative.format(Math.round(seconds / 60), "minute");
  if (Math.abs(seconds) < 86_400) return relative.format(Math.round(seconds / 3600), "hour");
  return relative.format(Math.round(seconds / 86_400), "day");
}

/**
 * A state in words and in a tone; the tone is never all that tells it.
 *
 * @typedef {{words: string, tone: "good" | "bad" | "busy" | "idle" | "paused"}} State
 */

/** @type {Record<JobStatus, State>} */
export const jobStates = {
  pending: { words: "Waiting", tone: "busy" },
  running: { words: "Running", tone: "busy" },
  incomplete: { words: "Trying again", tone: "busy" },
  succeeded: { words: "Succeeded", tone: "good" },
  failed: { words: "Failed", tone: "bad" },
  cancelled: { words: "Cancelled", tone: "idle" },
};

/** @type {Partial<Record<ConnectionStatus, State>>} */
const notActive = {
  inactive: { words: "Paused", tone: "paused" },
  locked: { words: "Locked", tone: "paused" },
};

/**
 * How a connection is: what it does now, else that it is paused, else how its last job ended.
 *
 * @param {ShownConnection} connection
 * @returns {State}
 */
export function connectionState({ status, lastJob }) {
  if (lastJob && lastJob.endedAt === null) return jobStates[lastJob.status];
  return notActive[status] ?? (lastJob ? jobStates[lastJob.status] : { words: "Not synced yet", tone: "idle" });
}

/**
 * The end of a connection whose connector is only played: then no row has come from anywhere, or gone there.
 *
 * @param {Overview} overview
 * @param {string} connectionId
 */
export function playedEnd({ connections, sources, destinations }, connectionId) {
  const connection = connections.find(({ id }) => id === connectionId);
  const ends = [...sources, ...destinations].filter(({ simulatedBecause }) => simulatedBecause !== null);
  return ends.find(({ id }) => id === connection?.sourceId || id === connection?.destinationId);
}

/** @type {Record<JobType, string>} */
export const jobTypes = { sync: "Sync", reset: "Reset", clear: "Clear" };

/** Drawn, not typed: not every machine has a font with these signs. */
const drawings = {
  good: "M4 8.5l2.7 2.7L12 5.5",
  bad: "M5 5l6 6M11 5l-6 6",
  busy: "M8 3a5 5 0 1 1-5 5",
  idle: "M8 4.5a3.5 3.5 0 1 1-.01 0",
  paused: "M6 4.5v7M10 4.5v7",
  close: "M4 4l8 8M12 4l-8 8",
};

/** @param {keyof typeof drawings} name */
export function icon(name) {
  return svg(
    "svg",
    { viewBox: "0 0 16 16", class: `icon ${name}`, "aria-hidden": "true" },
    svg("path", { d: drawings[name] }),
  );
}

/** A state as a sign and a word in its colour. */
export function makeState() {
  const element = h("span.state");
  let shown = "";
  /** @param {State} state */
  const update = ({ words, tone }) => {
    if (words === shown) return;
    shown = words;
    element.className = `state ${tone}`;
    fill(element, icon(tone), words);
  };
  return { element, update };
}

/** @param {State} state */
export function stateOf(state) {
  const { element, update } = makeState();
  update(state);
  return element;
}

/**
 * How long ago something was, which `tellTime` keeps true.
 *
 * @param {number} at epoch milliseconds
 */
export function timeAgo(at) {
  const date = new Date(at);
  return h("time", { datetime: date.toISOString(), title: date.toLocaleString() }, ago(at));
}

export function tellTime() {
  for (const element of document.querySelectorAll("time")) {
    const words = ago(Date.parse(element.dateTime));
    if (element.textContent !== words) element.textContent = words;
  }
}

/**
 * The sign that a played connector carries.
 *
 * @param {string | null} why
 */
export const simulatedSign = (why) => why !== null && h("span.tag", { title: why }, "simulated");
