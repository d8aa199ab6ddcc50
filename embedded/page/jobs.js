// The table of jobs.
import { byId, fill, h, showList } from "./dom.js";
import { makeState, timeAgo } from "./state.js";
import { duration, jobStates, jobTypes, number, size } from "./words.js";

/** @import {ShownJob} from "../api/page/shapes.ts" */
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
