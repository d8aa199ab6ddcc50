// The pane at the side that shows one thing closely. The browser's own dialog: Escape closes it, focus stays inside and
// goes back afterwards.
import { byId, fill, h } from "./dom.js";
import { icon } from "./words.js";

/** @import {Overview} from "../api/page/shapes.ts" */

/**
 * What the drawer shows.
 *
 * @typedef {object} Content
 * @property {string} kind "Connection"
 * @property {string} title
 * @property {Node[]} body
 * @property {(overview: Overview) => Promise<void> | void} [refresh] called now, and whenever the page has news or a second has passed
 */

/** @type {Content | null} */
let open = null;
/** @type {Overview | null} */
let latest = null;

export function setUpDrawer() {
  const drawer = byId("drawer", HTMLDialogElement);
  const close = byId("drawer-close", HTMLButtonElement);
  fill(close, icon("close"));
  close.addEventListener("click", () => drawer.close());
  // A click beside it: the backdrop belongs to the dialog, its content covers the rest.
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
  drawer.addEventListener("close", () => {
    open = null;
  });
}

/** @param {Content} content */
export function showDrawer(content) {
  open = content;
  fill(byId("drawer-kind", HTMLElement), content.kind);
  fill(byId("drawer-title", HTMLElement), content.title);
  fill(byId("drawer-body", HTMLElement), ...content.body);
  byId("drawer-body", HTMLElement).scrollTop = 0;
  const drawer = byId("drawer", HTMLDialogElement);
  if (!drawer.open) drawer.showModal();
  void refreshDrawer(latest);
}

/** @param {Overview | null} overview */
export async function refreshDrawer(overview) {
  latest = overview ?? latest;
  if (latest) await open?.refresh?.(latest);
}

/**
 * A part of the drawer with a heading.
 *
 * @param {string} title
 * @param {...Node} children
 */
export const part = (title, ...children) => h("section", {}, h("h3", {}, title), ...children);

/**
 * Shows why something could not be had, in its place.
 *
 * @param {Element} place
 * @param {unknown} error
 */
export function tell(place, error) {
  fill(place, h("p.failure", {}, error instanceof Error ? error.message : String(error)));
}
