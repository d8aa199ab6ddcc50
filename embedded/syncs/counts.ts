import type { CommittedRows } from "../connectors/connector.ts";
import type { StreamCounts } from "../state.ts";

/** The rows and bytes of one attempt, by stream. */
export class Counts {
  readonly streams: StreamCounts[];
  #last: StreamCounts | undefined;

  constructor(streams: { name: string; namespace?: string | null | undefined }[]) {
    this.streams = streams.map(({ name, namespace = null }) => ({ name, namespace, rows: 0, bytes: 0, committed: 0 }));
  }

  /** False for a stream that wasn't asked for. */
  read(name: string, namespace: string | undefined, bytes: number): boolean {
    // Records of a stream come in long rows: nearly always it is the one of the record before.
    if (this.#last?.name !== name || this.#last.namespace !== (namespace ?? null)) {
      this.#last = this.#find(name, namespace ?? null);
    }
    if (!this.#last) return false;
    this.#last.rows += 1;
    this.#last.bytes += bytes;
    return true;
  }

  commit(streams: CommittedRows[]): void {
    for (const { name, namespace, rows } of streams) {
      const stream = this.#find(name, namespace);
      if (stream) stream.committed += rows;
    }
  }

  commitAll(): void {
    for (const stream of this.streams) stream.committed = stream.rows;
  }

  #find(name: string, namespace: string | null): StreamCounts | undefined {
    return this.streams.find((stream) => stream.name === name && stream.namespace === namespace);
  }
}

export function totals(streams: StreamCounts[]) {
  return {
    rows: sum(streams, "rows"),
    bytes: sum(streams, "bytes"),
    committed: sum(streams, "committed"),
  };
}

function sum(streams: StreamCounts[], key: "rows" | "bytes" | "committed"): number {
  return streams.reduce((total, stream) => total + stream[key], 0);
}

/** Only rows are counted when they are written. */
export function committedBytes({ rows, bytes, committed }: Pick<StreamCounts, "rows" | "bytes" | "committed">): number {
  return rows === 0 ? 0 : Math.round((bytes * committed) / rows);
}
