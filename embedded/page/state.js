// Small pieces that several parts of the page show.
import { fill, h, svg } from "./dom.js";
import { ago } from "./words.js";

/** @import {State} from "./words.js" */

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
