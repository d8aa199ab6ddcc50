// The table of jobs; and one of them in the drawer, with its attempts and its log, which grow while it runs.
import { byId, fill, h, head, showList, table } from "./dom.js";
import { part, showDrawer, tell } from "./drawer.js";
import { askJob } from "./server.js";
import {
  duration,
  fullName,
  jobStates,
  jobTypes,
  makeState,
  number,
  playedEnd,
  plural,
  size,
  stateOf,
  timeAgo,
} from "./words.js";

/** @import {JobDetails, Overview, ShownActor, ShownJob} from "../api/page/shapes.ts" */
/** @import {Kept} from "./dom.js" */

/**
 * @param {ShownJob[]} jobs
 * @param {(id: number) => void} open
 */
export function showJobs(jobs, open) {
  showList(byId("jobs", HTMLTableSectionElement), jobs, (job) => jobRow(job, open));
  byId("no-jobs", HTMLElement).hidden = jobs.length > 0;
}

/**
 * @param {ShownJob} job
 * @param {(id: number) => void} open
 * @returns {Kept<ShownJob>}
 */
export function jobRow({ id, jobType, createdAt }, open) {
  const button = h(
    "button.open",
    { type: "button", onclick: () => open(id), "aria-haspopup": "dialog" },
    `${jobTypes[jobType]} ${id}`,
  );
  const state = makeState();
  const connection = h("td");
  const rows = h("td.number", { "data-label": "rows" });
  const bytes = h("td.number.size");
  const took = h("td.number");
  const started = h("td", {}, timeAgo(createdAt));
  const element = h("tr", {}, h("td", {}, button), connection, h("td", {}, state.element), rows, bytes, started, took);
  const update = (/** @type {ShownJob} */ job) => {
    fill(connection, job.connection);
    state.update(jobStates[job.status]);
    fill(rows, number(job.rows));
    fill(bytes, size(job.bytes));
    fill(took, job.endedAt === null ? "" : duration(job.endedAt - job.createdAt));
  };
  return { element, update };
}

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
  const heads = [head("Stream"), ...["Read", "Written", "Size"].map((name) => head(name, "th.number"))];
  return table("table", heads, rows);
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
