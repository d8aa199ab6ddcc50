// Settings as a list of names and values.
import { h } from "./dom.js";

/** @import {Setting} from "../api/page/shapes.ts" */

const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @param {Setting[]} settings */
export function settingsList(settings) {
  if (settings.length === 0) return h("p.muted", {}, "No settings.");
  return h(
    "dl.settings",
    {},
    ...settings.map(({ path, value, secret }) =>
      h("div", {}, h("dt", {}, path.join(" › ")), h("dd", {}, shown(value, secret))),
    ),
  );
}

/**
 * @param {string} value
 * @param {boolean} secret
 */
function shown(value, secret) {
  if (secret) return h("span.secret", { title: "A secret: it is not shown" }, value);
  if (value === "") return h("span.muted", {}, "empty");
  return isMoment.test(value) ? new Date(value).toLocaleString() : value;
}
