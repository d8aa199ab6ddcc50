/** What the page asks for, as JSON. The page's own code is checked against these types. Times are epoch milliseconds. */

import type { ConnectionStatus, JobStatus, JobType } from "../../state.ts";

/** A source or a destination. */
export interface ShownActor {
  id: string;
  name: string;
  workspace: string;
  /** The connector's name and version. */
  connector: string;
  version: string;
  /** Why the connector is only played; null where it is real. */
  simulatedBecause: string | null;
}

export interface ShownConnection {
  id: string;
  name: string;
  workspace: string;
  sourceId: string;
  destinationId: string;
  status: ConnectionStatus;
  /** In words. */
  schedule: string;
  streams: number;
  lastJob: ShownJob | null;
}

export interface ShownJob {
  id: number;
  connectionId: string;
  /** The connection's name. */
  connection: string;
  jobType: JobType;
  status: JobStatus;
  createdAt: number;
  /** null while the job is under way. */
  endedAt: number | null;
  rows: number;
  bytes: number;
  attempts: number;
  failure: string | null;
}

export interface Overview {
  version: string;
  /** More than one: cards say theirs. */
  workspaces: number;
  sources: ShownActor[];
  connections: ShownConnection[];
  destinations: ShownActor[];
  /** The newest first, and not all of them. */
  jobs: ShownJob[];
}

/** One line of an object's settings: where it is in the configuration, and its value in words. */
export interface Setting {
  path: string[];
  value: string;
  /** The value is hidden. */
  secret: boolean;
}

export interface ActorDetails extends ShownActor {
  settings: Setting[];
}

export interface ConnectionDetails {
  settings: Setting[];
  streams: { name: string; namespace: string | null; syncMode: string; cursor: string; key: string; fields: number }[];
}

export interface JobDetails {
  job: ShownJob;
  attempts: {
    id: number;
    status: string;
    createdAt: number;
    endedAt: number | null;
    failure: string | null;
    streams: { name: string; namespace: string | null; rows: number; committed: number; bytes: number }[];
  }[];
  log: {
    lines: string[];
    /** The number of lines so far, to ask for those after it. */
    next: number;
    /** Lines that a long log has before these. */
    leftOut: number;
  };
}
