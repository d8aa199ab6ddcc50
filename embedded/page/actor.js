// A source or a destination, in the drawer.
import { fill, h } from "./dom.js";
import { part, showDrawer, tell } from "./drawer.js";
import { askActor } from "./server.js";
import { settingsList } from "./settings.js";

/** @import {ShownActor} from "../api/page/shapes.ts" */

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
