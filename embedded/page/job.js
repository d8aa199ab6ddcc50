// A job with its attempts and its log, in the drawer; it grows while the job runs.
import { fill, h } from "./dom.js";
import { part, showDrawer, tell } from "./drawer.js";
import { askJob } from "./server.js";
import { stateOf, timeAgo } from "./state.js";
import { duration, fullName, jobStates, jobTypes, number, playedEnd, plural, size } from "./words.js";

/** @import {JobDetails, Overview, ShownActor, ShownJob} from "../api/page/shapes.ts" */

/** @param {ShownJob} job */
export function openJob(job) {
  const summary = h("div.summary");
  const streams = h("div");
  const log = h("pre.log", { tabindex: "0", "aria-label": "Log of the job" });
  const { id } = job;
  let [known, over, asking] = [0, false, false];
  const refresh = async (/** @type {Overview} */ overview) => {
    if (over || asking) return;
    asking = true;
    try {
      const details = await askJob(id, known);
      known = details.log.next;
      // The last lines come a moment after the end.
      over = details.job.endedAt !== null && details.log.lines.length === 0;
      const played = playedEnd(overview, details.job.connectionId);
      fill(summary, ...summaryOf(details, played));
      fill(streams, streamsTable(details, played !== undefined));
      addLines(log, details.log);
    } catch (error) {
      over = true;
      tell(summary, error);
    } finally {
      asking = false;
    }
  };
  showDrawer({
    kind: `${jobTypes[job.jobType]} ${id}`,
    title: job.connection,
    body: [summary, part("Streams", streams), part("Log", log)],
    refresh,
  });
}

/**
 * @param {JobDetails} details
 * @param {ShownActor} [played]
 */
function summaryOf({ job, attempts }, played) {
  const facts = [
    `${plural(job.rows, "row")}, ${size(job.bytes)}`,
    job.endedAt === null ? "" : `took ${duration(job.endedAt - job.createdAt)}`,
    attempts.length > 1 ? plural(attempts.length, "attempt") : "",
  ];
  const failed = attempts.filter(({ failure }) => failure !== null);
  return [
    h("p", {}, stateOf(jobStates[job.status]), " ", h("span.muted", {}, "started ", timeAgo(job.createdAt))),
    h("p.muted", {}, facts.filter(Boolean).join(" · ")),
    played && h("p.note", {}, h("strong", {}, `${played.name} is simulated: `), "rows are counted, nothing is moved"),
    ...failed.map(({ id, failure }) =>
      h("p.failure", {}, attempts.length > 1 ? `Attempt ${id + 1}: ${failure}` : failure),
    ),
  ];
}

/**
 * @param {JobDetails} details
 * @param {boolean} isPlayed
 */
function streamsTable({ attempts }, isPlayed) {
  const streams = attempts.at(-1)?.streams ?? [];
  if (streams.length === 0) return h("p.muted", {}, "Nothing has been read yet.");
  const rows = streams.map((stream) =>
    h(
      "tr",
      {},
      h("td", {}, fullName(stream)),
      h("td.number", {}, number(stream.rows)),
      h("td.number", {}, isPlayed ? "–" : number(stream.committed)),
      h("td.number", {}, size(stream.bytes)),
    ),
  );
  const heads = [
    h("th", { scope: "col" }, "Stream"),
    ...["Read", "Written", "Size"].map((name) => h("th.number", { scope: "col" }, name)),
  ];
  return h("table", {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows));
}

/**
 * @param {HTMLElement} log
 * @param {JobDetails["log"]} news
 */
function addLines(log, { lines, leftOut }) {
  // Who reads further up stays there.
  const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  if (leftOut > 0) log.append(`… ${plural(leftOut, "earlier line")} left out\n`);
  for (const line of lines) log.append(lineOf(line));
  if (atEnd) log.scrollTop = log.scrollHeight;
}

/**
 * The time of the day is enough.
 *
 * @param {string} line
 */
function lineOf(line) {
  const [, time, text = line] = /^\d{4}-\d\d-\d\dT([\d:]{8})\.\d{3}Z (.*)$/s.exec(line) ?? [];
  const level = /(?:^|> )(ERROR|FATAL|WARN)\b/.exec(text)?.[1];
  const tone = level === undefined ? "" : level === "WARN" ? ".warning" : ".failure";
  return h(`span${tone}`, {}, time !== undefined && h("span.muted", {}, `${time} `), `${text}\n`);
}
