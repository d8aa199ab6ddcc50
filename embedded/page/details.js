// A source, a destination or a connection, in the drawer.
import { fill, h, head, showList, table } from "./dom.js";
import { part, showDrawer, tell } from "./drawer.js";
import { jobRow } from "./jobs.js";
import { nameOf, syncButton } from "./picture.js";
import { rowsPreview } from "./rows.js";
import { askActor, askConnection } from "./server.js";
import { makeState } from "./state.js";
import { connectionState, fullName, plural } from "./words.js";

/** @import {ConnectionDetails, Overview, Setting, ShownActor, ShownConnection} from "../api/page/shapes.ts" */

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
