// What the page asks the server.

/** @import {ActorDetails, ConnectionDetails, JobDetails, Overview, ShownJob} from "../api/page/shapes.ts" */
/** @import {ArrivedRows} from "../connectors/connector.ts" */

/** The session is over, or there never was one. */
export class NoSession extends Error {}

/** There is no such thing. */
class NotFound extends Error {}

/** Nobody answers. */
export class ServerGone extends Error {}

/** The overview that was shown last, so that it needn't be sent again. */
let seen = "";

// The cookie is one half of the session, this is the other: see embedded/api/page/index.ts.
const storedAs = "page-key";

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function call(path, options = {}) {
  const headers = { "x-page-key": localStorage.getItem(storedAs) ?? "", "content-type": "application/json" };
  const response = await fetch(`/page/${path}`, { ...options, headers }).catch((error) => {
    throw new ServerGone("The server does not answer", { cause: error });
  });
  if (response.ok) return response;
  // Who is let in again has to see everything.
  if (response.status === 401) seen = "";
  const said = await response.json().catch(() => ({}));
  const message = said.data?.message ?? said.detail ?? `The server answered with ${response.status}`;
  const Kind = { 401: NoSession, 404: NotFound }[response.status] ?? Error;
  throw new Kind(message);
}

/**
 * Exchanges the code of the link for a session.
 *
 * @param {string} code
 */
export async function openSession(code) {
  const response = await call("session", { method: "POST", body: JSON.stringify({ code }) });
  localStorage.setItem(storedAs, (await response.json()).key);
}

/**
 * Null while nothing has changed since the last answer.
 *
 * @returns {Promise<Overview | null>}
 */
export async function askOverview() {
  const response = await call(`overview?seen=${encodeURIComponent(seen)}`);
  if (response.status === 204) return null;
  seen = response.headers.get("etag") ?? "";
  return response.json();
}

/**
 * @param {"source" | "destination"} kind
 * @param {string} id
 * @returns {Promise<ActorDetails>}
 */
export const askActor = async (kind, id) => (await call(`${kind}s/${id}`)).json();

/**
 * @param {string} id
 * @returns {Promise<ConnectionDetails>}
 */
export const askConnection = async (id) => (await call(`connections/${id}`)).json();

/**
 * @param {number} id
 * @param {number} after lines of the log that are known already
 * @returns {Promise<JobDetails>}
 */
export const askJob = async (id, after) => (await call(`jobs/${id}?after=${after}`)).json();

/**
 * How many rows of each stream have arrived; with a stream, its first rows. Null before the first sync has succeeded.
 *
 * @param {string} connectionId
 * @param {string} [stream]
 * @returns {Promise<{destination: string, simulatedBecause: string | null, streams: ArrivedRows[]} | null>}
 */
export async function askRows(connectionId, stream) {
  const query = new URLSearchParams(stream === undefined ? { limit: "0" } : { stream, limit: "10" });
  try {
    return await (await call(`rows/${connectionId}?${query}`)).json();
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

/**
 * @param {string} connectionId
 * @returns {Promise<ShownJob>}
 */
export const startSync = async (connectionId) =>
  (await call(`connections/${connectionId}/sync`, { method: "POST" })).json();
