// The page of the embedded Airbyte: asks the server once in a second, and shows what has changed.
import { openActor, openConnection } from "./details.js";
import { byId, fill } from "./dom.js";
import { refreshDrawer, setUpDrawer } from "./drawer.js";
import { openJob, showJobs } from "./jobs.js";
import { drawLines, showPicture } from "./picture.js";
import { askOverview, NoSession, openSession, ServerGone, startSync } from "./server.js";
import { tellTime } from "./words.js";

/** @import {Overview} from "../api/page/shapes.ts" */

const pollMs = 1_000;

/** @type {Overview | null} */
let overview = null;

const actions = {
  openActor(/** @type {"source" | "destination"} */ kind, /** @type {string} */ id) {
    const actor = overview?.[`${kind}s`].find((one) => one.id === id);
    if (actor) openActor(kind, actor);
  },
  openConnection(/** @type {string} */ id) {
    const connection = overview?.connections.find((one) => one.id === id);
    if (connection) openConnection(connection, actions);
  },
  openJob(/** @type {number} */ id) {
    const job = overview?.jobs.find((one) => one.id === id);
    if (job) openJob(job);
  },
  async sync(/** @type {string} */ id) {
    try {
      await startSync(id);
      complain("");
    } catch (error) {
      complain(error instanceof Error ? error.message : String(error));
      if (overview) show(overview);
    }
    await look();
  },
};

/** The link's code is behind the #. It is good once: it must stay in no history. */
async function useLink() {
  const code = /^#open=(.+)$/.exec(location.hash)?.[1];
  if (code === undefined) return;
  history.replaceState(null, "", location.pathname);
  await openSession(code).catch((error) => lock(error.message));
}

async function look() {
  try {
    const news = await askOverview();
    if (news) show(news);
    live(true, "Live");
    await refreshDrawer(news);
  } catch (error) {
    if (error instanceof NoSession) lock();
    else if (error instanceof ServerGone) live(false, "The server has ended; npm run open starts it again");
    else live(false, error instanceof Error ? error.message : String(error));
  }
  tellTime();
}

/** @param {Overview} news */
function show(news) {
  overview = news;
  const isEmpty = news.sources.length + news.destinations.length + news.connections.length === 0;
  byId("locked", HTMLElement).hidden = true;
  byId("empty", HTMLElement).hidden = !isEmpty;
  byId("main", HTMLElement).hidden = isEmpty;
  fill(byId("version", HTMLElement), news.version);
  showPicture(news, actions);
  showJobs(news.jobs, actions.openJob);
}

/**
 * Shows nothing but how to get in.
 *
 * @param {string} [why]
 */
function lock(why) {
  if (why !== undefined) fill(byId("why-locked", HTMLElement), why);
  byId("locked", HTMLElement).hidden = false;
  for (const id of ["main", "empty"]) byId(id, HTMLElement).hidden = true;
  byId("drawer", HTMLDialogElement).close();
  fill(byId("live", HTMLElement));
}

/**
 * @param {boolean} is
 * @param {string} words
 */
function live(is, words) {
  const element = byId("live", HTMLElement);
  if (element.textContent !== words) fill(element, words);
  element.className = is ? "on" : "off";
  document.body.classList.toggle("stale", !is);
}

/** @param {string} words */
function complain(words) {
  const element = byId("alert", HTMLElement);
  element.hidden = words === "";
  fill(element, words);
}

/** A page that nobody sees asks nothing, nor does one that gets no answer. */
function lookIfWorthIt() {
  if (!document.hidden && byId("locked", HTMLElement).hidden) void look();
}

setUpDrawer();
new ResizeObserver(drawLines).observe(byId("picture", HTMLElement));
addEventListener("hashchange", () => useLink().then(look));
// A session was opened in another tab.
addEventListener("storage", look);
document.addEventListener("visibilitychange", lookIfWorthIt);
await useLink();
await look();
setInterval(lookIfWorthIt, pollMs);
