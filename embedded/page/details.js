// A source, a destination or a connection, in the drawer; of a connection with the first rows of each stream that has arrived.
import { fill, h, head, showList, table } from "./dom.js";
import { part, showDrawer, tell } from "./drawer.js";
import { jobRow } from "./jobs.js";
import { nameOf, syncButton } from "./picture.js";
import { askActor, askConnection, askRows } from "./server.js";
import { connectionState, fullName, makeState, number, plural } from "./words.js";

/** @import {ConnectionDetails, Overview, Setting, ShownActor, ShownConnection} from "../api/page/shapes.ts" */
/** @import {ArrivedRows} from "../connectors/connector.ts" */

/**
 * @param {"source" | "destination"} kind
 * @param {ShownActor} actor
 */
export function openActor(kind, { id, name, connector, version, simulatedBecause }) {
  const settings = h("div", {}, h("p.muted", {}, "…"));
  const about = h("p.muted", {}, simulatedBecause === null ? `${connector} ${version}` : connector);
  const played = simulatedBecause === null ? [] : [h("p.note", {}, h("strong", {}, "Simulated: "), simulatedBecause)];
  showDrawer({
    kind: kind === "source" ? "Source" : "Destination",
    title: name,
    body: [about, ...played, part("Settings", settings)],
  });
  askActor(kind, id).then(
    (details) => fill(settings, settingsList(details.settings)),
    (error) => tell(settings, error),
  );
}

/**
 * Its settings, its streams, the rows that have arrived, and its jobs.
 *
 * @param {ShownConnection} connection
 * @param {{sync: (id: string) => Promise<void>, openJob: (id: number) => void}} actions
 */
export function openConnection(connection, actions) {
  const { id } = connection;
  const state = makeState();
  const sync = syncButton(() => actions.sync(id));
  const settings = h("div", {}, h("p.muted", {}, "…"));
  const streams = h("div");
  const rows = rowsPreview(id);
  const jobs = h("tbody");
  const refresh = async (/** @type {Overview} */ overview) => {
    const now = overview.connections.find((one) => one.id === id);
    if (!now) {
      tell(settings, new Error("This connection has been deleted."));
      sync.element.toggleAttribute("disabled", true);
      return;
    }
    state.update(connectionState(now));
    sync.update(now);
    showList(jobs, overview.jobs.filter((job) => job.connectionId === id).slice(0, 5), (job) =>
      jobRow(job, actions.openJob),
    );
    await rows.refresh(now);
  };
  showDrawer({
    kind: "Connection",
    title: connection.name,
    body: [
      h("p.muted", {}, `${nameOf(connection.sourceId)} → ${nameOf(connection.destinationId)}`),
      h("p.line", {}, state.element, sync.element),
      part("Rows that arrived", rows.element),
      part("Streams", streams),
      part("Settings", settings),
      part("Jobs", h("div.scroll", {}, h("table.jobs.short", {}, jobs))),
    ],
    refresh,
  });
  askConnection(id).then(
    (details) => {
      fill(settings, settingsList(details.settings));
      fill(streams, streamsTable(details));
    },
    (error) => tell(settings, error),
  );
}

/** @param {ConnectionDetails} details */
function streamsTable({ streams }) {
  const lines = streams.map((stream) =>
    h(
      "tr",
      {},
      h("td", {}, fullName(stream), stream.fields > 0 && h("span.muted", {}, ` ${plural(stream.fields, "field")}`)),
      h("td", {}, stream.syncMode),
      h("td", {}, stream.cursor),
      h("td", {}, stream.key),
    ),
  );
  return h(
    "div.scroll",
    {},
    table(
      "table",
      ["Stream", "Sync mode", "Cursor", "Key"].map((name) => head(name)),
      lines,
    ),
  );
}

const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @param {Setting[]} settings */
function settingsList(settings) {
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

const longest = 60;

/**
 * Asked anew whenever another sync has ended.
 *
 * @param {string} connectionId
 */
function rowsPreview(connectionId) {
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
