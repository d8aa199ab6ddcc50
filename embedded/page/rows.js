// The first rows of each stream that has arrived in a destination.
import { fill, h, head, table } from "./dom.js";
import { tell } from "./drawer.js";
import { askRows } from "./server.js";
import { fullName, number } from "./words.js";

/** @import {ShownConnection} from "../api/page/shapes.ts" */
/** @import {ArrivedRows} from "../connectors/connector.ts" */

const longest = 60;

/**
 * Asked anew whenever another sync has ended.
 *
 * @param {string} connectionId
 */
export function rowsPreview(connectionId) {
  const element = h("div", {}, nothing());
  /** @type {number | null} */
  let shownJob = null;
  let chosen = "";
  const refresh = async (/** @type {ShownConnection} */ { lastJob }) => {
    if (!lastJob || lastJob.endedAt === null || lastJob.id === shownJob) return;
    if (shownJob === null) fill(element, h("p.muted", {}, "Looking into the destination…"));
    shownJob = lastJob.id;
    try {
      fill(element, ...(await arrived()));
    } catch (error) {
      tell(element, error);
    }
  };
  const arrived = async () => {
    const answer = await askRows(connectionId);
    if (!answer) return [nothing()];
    const { streams, simulatedBecause, destination } = answer;
    if (simulatedBecause !== null) return counted(streams, simulatedBecause);
    const preview = h("div.scroll", { tabindex: "0", role: "group", "aria-label": "First rows" });
    const choose = async (/** @type {ArrivedRows} */ stream) => {
      chosen = fullName(stream);
      for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.id === `tab-${chosen}`));
      try {
        fill(preview, ...(await firstRows(connectionId, stream, destination)));
      } catch (error) {
        tell(preview, error);
      }
    };
    const tabs = h("div.tabs", { role: "group", "aria-label": "Streams" });
    tabs.append(...streams.map((stream) => streamTab(stream, () => choose(stream))));
    const first = streams.find((stream) => fullName(stream) === chosen) ?? streams[0];
    if (first) await choose(first);
    return [tabs, preview];
  };
  return { element, refresh };
}

const nothing = () => h("p.muted", {}, "Nothing has arrived yet.");

/**
 * Of rows that are only played there is nothing but their number.
 *
 * @param {ArrivedRows[]} streams
 * @param {string} because
 */
function counted(streams, because) {
  const counts = streams.map((stream) => `${fullName(stream)} ${number(stream.count ?? 0)}`).join(", ");
  return [h("p.note", {}, h("strong", {}, "Not written: "), because), h("p.muted", {}, `Rows counted: ${counts}`)];
}

/**
 * @param {string} connectionId
 * @param {ArrivedRows} stream
 * @param {string} destination
 */
async function firstRows(connectionId, { name, namespace, count }, destination) {
  const answer = await askRows(connectionId, name);
  const rows = answer?.streams.find((stream) => stream.namespace === namespace)?.rows ?? [];
  return [rowsTable(rows), h("p.muted", {}, `${rows.length} of ${number(count ?? 0)} rows, in ${destination}`)];
}

/**
 * @param {ArrivedRows} stream
 * @param {() => void} choose
 */
function streamTab(stream, choose) {
  const { count } = stream;
  const name = fullName(stream);
  const rows = count === null ? "no table" : number(count);
  return h(
    "button.tab",
    { type: "button", id: `tab-${name}`, "aria-pressed": "false", onclick: choose },
    name,
    h("span.count", {}, rows),
  );
}

/** @param {ArrivedRows["rows"]} rows */
function rowsTable(rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => h("tr", {}, ...columns.map((name) => cell(row[name]))));
  return table(
    "table.rows",
    columns.map((name) => head(name)),
    lines,
  );
}

/** @param {unknown} value */
function cell(value) {
  if (value === null || value === undefined) return h("td.muted", {}, "–");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const isLong = text.length > longest;
  return h(
    typeof value === "number" ? "td.number" : "td",
    { title: isLong && text },
    isLong ? `${text.slice(0, longest)}…` : text,
  );
}
