// The pipelines as a picture: sources on the left, destinations on the right, connections between them.
import { byId, fill, h, showList, svg } from "./dom.js";
import { connectionState, makeState, number, playedEnd, plural, simulatedSign, timeAgo } from "./words.js";

/** @import {Overview, ShownActor, ShownConnection} from "../api/page/shapes.ts" */
/** @import {Kept} from "./dom.js" */

/**
 * @typedef {object} Actions
 * @property {(kind: "source" | "destination", id: string) => void} openActor
 * @property {(id: string) => void} openConnection
 * @property {(id: string) => Promise<void>} sync
 */

/** @type {Overview | null} */
let drawn = null;

/**
 * @param {Overview} overview
 * @param {Actions} actions
 */
export function showPicture(overview, actions) {
  drawn = overview;
  const connections = inOrder(overview);
  for (const kind of /** @type {const} */ (["source", "destination"])) {
    const ends = besideTheirs(overview[`${kind}s`], connections, kind);
    showList(byId(`${kind}s`, HTMLUListElement), ends, ({ id }) => actorCard(() => actions.openActor(kind, id)));
  }
  showList(byId("connections", HTMLUListElement), connections, ({ id }) => connectionCard(id, actions));
  drawLines();
}

/**
 * Those of one source stay together, so that lines cross as little as may be.
 *
 * @param {Overview} overview
 */
function inOrder({ connections, sources }) {
  const place = new Map(sources.map(({ id }, at) => [id, at]));
  return connections.toSorted((a, b) => (place.get(a.sourceId) ?? 0) - (place.get(b.sourceId) ?? 0));
}

/**
 * Each end as high as its connections are on average; one without any comes last.
 *
 * @param {ShownActor[]} ends
 * @param {ShownConnection[]} connections
 * @param {"source" | "destination"} kind
 */
function besideTheirs(ends, connections, kind) {
  /** @param {ShownActor} end */
  const height = ({ id }) => {
    const places = connections.flatMap((connection, at) => (connection[`${kind}Id`] === id ? [at] : []));
    return places.length === 0 ? Infinity : places.reduce((sum, at) => sum + at, 0) / places.length;
  };
  const heights = new Map(ends.map((end) => [end.id, height(end)]));
  const of = (/** @type {ShownActor} */ { id }) => heights.get(id) ?? Infinity;
  return ends.toSorted((a, b) => (of(a) === of(b) ? 0 : of(a) - of(b)));
}

/**
 * @param {() => void} open
 * @returns {Kept<ShownActor>}
 */
function actorCard(open) {
  const name = h("button.open", { type: "button", onclick: open, "aria-haspopup": "dialog" });
  const mark = h("span.mark", { "aria-hidden": "true" });
  const about = h("p.muted");
  const tags = h("p.tags");
  const element = h("li.card", {}, mark, h("div", {}, h("h3", {}, name), about), tags);
  const update = (/** @type {ShownActor} */ actor) => {
    element.id = `card-${actor.id}`;
    fill(name, actor.name);
    fill(mark, initials(actor.connector));
    mark.style.setProperty("--hue", String(hue(actor.connector)));
    fill(about, actor.connector, actor.simulatedBecause === null && ` ${actor.version}`);
    fill(tags, simulatedSign(actor.simulatedBecause), workspaceSign(actor));
  };
  return { element, update };
}

/**
 * @param {string} id
 * @param {Actions} actions
 * @returns {Kept<ShownConnection>}
 */
function connectionCard(id, actions) {
  const name = h("button.open", {
    type: "button",
    onclick: () => actions.openConnection(id),
    "aria-haspopup": "dialog",
  });
  const state = makeState();
  const route = h("p.route.muted");
  const about = h("p.muted");
  const result = h("p.result");
  const bar = h("div.bar", { "aria-hidden": "true" });
  const sync = syncButton(() => actions.sync(id));
  const tags = h("p.tags");
  const words = h("div.words", {}, route, about, result, tags);
  const element = h(
    "li.card.connection",
    {},
    h("div.title", {}, h("h3", {}, name), state.element),
    words,
    sync.element,
    bar,
  );
  const update = (/** @type {ShownConnection} */ connection) => {
    const { lastJob } = connection;
    const isBusy = lastJob !== null && lastJob.endedAt === null;
    element.id = `card-${id}`;
    element.classList.toggle("busy", isBusy);
    element.classList.toggle("off", connection.status !== "active");
    fill(name, connection.name);
    state.update(connectionState(connection));
    fill(route, `${nameOf(connection.sourceId)} → ${nameOf(connection.destinationId)}`);
    fill(about, `${plural(connection.streams, "stream")} · ${connection.schedule}`);
    fill(result, ...resultOf(connection));
    fill(tags, workspaceSign(connection));
    sync.update(connection);
  };
  return { element, update };
}

/** @param {{workspace: string}} of */
const workspaceSign = ({ workspace }) => drawn !== null && drawn.workspaces > 1 && h("span.tag.plain", {}, workspace);

/**
 * @param {() => Promise<void>} start
 * @returns {{element: HTMLElement, update: (connection: ShownConnection) => void}}
 */
export function syncButton(start) {
  const element = h("button.sync", {
    type: "button",
    onclick: async () => {
      element.toggleAttribute("disabled", true);
      await start();
    },
  });
  fill(element, "Sync now");
  const update = (/** @type {ShownConnection} */ { name, status, lastJob }) => {
    const isBusy = lastJob !== null && lastJob.endedAt === null;
    element.toggleAttribute("disabled", isBusy || status !== "active");
    element.title = status === "active" ? "" : "A connection that is not active can't be synced";
    element.setAttribute("aria-label", `Sync ${name} now`);
  };
  return { element, update };
}

/** @param {ShownConnection} connection */
function resultOf({ id, lastJob }) {
  const rows = drawn && playedEnd(drawn, id) ? " simulated rows" : " rows";
  if (!lastJob) return [h("span.muted", {}, "nothing has been read yet")];
  if (lastJob.endedAt === null) return [h("strong", {}, number(lastJob.rows)), `${rows} so far`];
  if (lastJob.status === "failed") return [h("span.failure", {}, lastJob.failure ?? "The job failed")];
  return [h("strong", {}, number(lastJob.rows)), `${rows}, `, timeAgo(lastJob.endedAt)];
}

/** @param {string} id */
export function nameOf(id) {
  const ends = drawn ? [...drawn.sources, ...drawn.destinations] : [];
  return ends.find((end) => end.id === id)?.name ?? id;
}

/** @param {string} connector */
function initials(connector) {
  const words = connector.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return words
    .map(([first = ""]) => first.toUpperCase())
    .slice(0, 2)
    .join("");
}

/**
 * A colour for each connector, always the same.
 *
 * @param {string} text
 */
const hue = (text) => [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);

/** Lines from card to card; none where the columns are one below the other, there the cards say it. */
export function drawLines() {
  const lines = document.getElementById("lines");
  const picture = byId("picture", HTMLElement).getBoundingClientRect();
  if (!lines) return;
  const paths = (drawn?.connections ?? []).flatMap((connection) => {
    const [from, via, to] = [connection.sourceId, connection.id, connection.destinationId].map((id) =>
      document.getElementById(`card-${id}`)?.getBoundingClientRect(),
    );
    const { tone } = connectionState(connection);
    return [
      [from, via],
      [via, to],
    ].flatMap(([a, b]) => (a && b && a.right < b.left ? [svg("path", { d: curve(a, b, picture), class: tone })] : []));
  });
  lines.replaceChildren(...paths);
}

/**
 * @param {DOMRect} a
 * @param {DOMRect} b
 * @param {DOMRect} within
 */
function curve(a, b, within) {
  const [x1, y1] = [a.right - within.left, a.top + a.height / 2 - within.top];
  const [x2, y2] = [b.left - within.left, b.top + b.height / 2 - within.top];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
