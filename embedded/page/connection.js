// A connection, in the drawer: its settings, its streams, the rows that have arrived, and its jobs.
import { fill, h, showList } from "./dom.js";
import { part, showDrawer, tell } from "./drawer.js";
import { jobRow } from "./jobs.js";
import { nameOf, syncButton } from "./picture.js";
import { rowsPreview } from "./rows.js";
import { askConnection } from "./server.js";
import { settingsList } from "./settings.js";
import { makeState } from "./state.js";
import { connectionState, fullName, plural } from "./words.js";

/** @import {ConnectionDetails, Overview, ShownConnection} from "../api/page/shapes.ts" */

/**
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
  const heads = ["Stream", "Sync mode", "Cursor", "Key"].map((name) => h("th", { scope: "col" }, name));
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
  return h("div.scroll", {}, h("table", {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...lines)));
}
