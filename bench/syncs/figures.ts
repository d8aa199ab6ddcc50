import { markdownTable, median, megabytes, whole } from "../table.ts";
import type { DirectRun, EmbeddedAirbyte, EmbeddedRun } from "./sides.ts";
import type { WarehouseKind } from "./warehouses.ts";

/** Of one row count in one warehouse: times in seconds, the median of the runs; memory in bytes, the most of them all. */
export interface Figures {
  warehouse: WarehouseKind;
  rows: number;
  runs: number;
  embedded: {
    seconds: number;
    rowsPerSecond: number;
    firstRowSeconds: number;
    cold: EmbeddedAirbyte["cold"];
    peakBytes: ReturnType<EmbeddedAirbyte["memory"]>;
  };
  /** Null where it was left out. */
  pyairbyte: {
    seconds: number;
    rowsPerSecond: number;
    wholeSeconds: number;
    firstRowSeconds: number;
    peakBytes: number;
    /** Rows per second of the embedded Airbyte by PyAirbyte's: above 1 the embedded Airbyte is faster. */
    ratio: number;
    /** The same with all of PyAirbyte's program: its import, the connector's specification and discovery. */
    wholeRatio: number;
  } | null;
}

interface Measured {
  warehouse: WarehouseKind;
  rows: number;
  embedded: EmbeddedRun[];
  direct: DirectRun[];
  cold: EmbeddedAirbyte["cold"];
  memory: ReturnType<EmbeddedAirbyte["memory"]>;
}

export function figuresOf({ warehouse, rows, embedded, direct, cold, memory }: Measured): Figures {
  const seconds = median(embedded.map((run) => run.seconds));
  return {
    warehouse,
    rows,
    runs: embedded.length,
    embedded: {
      seconds,
      rowsPerSecond: rows / seconds,
      firstRowSeconds: median(embedded.map((run) => run.firstRowSeconds)),
      cold,
      peakBytes: memory,
    },
    pyairbyte: direct.length === 0 ? null : compared(rows, direct, seconds),
  };
}

function compared(rows: number, runs: DirectRun[], embeddedSeconds: number): Figures["pyairbyte"] {
  const of = (key: keyof DirectRun) => median(runs.map((run) => run[key]));
  const [seconds, wholeSeconds] = [of("seconds"), of("wholeSeconds")];
  return {
    seconds,
    rowsPerSecond: rows / seconds,
    wholeSeconds,
    firstRowSeconds: of("firstRowSeconds"),
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
    ratio: seconds / embeddedSeconds,
    wholeRatio: wholeSeconds / embeddedSeconds,
  };
}

export function tableOf(figures: Figures[]): string {
  return markdownTable(figures, {
    into: ({ warehouse }) => warehouse,
    rows: ({ rows }) => whole(rows),
    "embedded, rows/s": ({ embedded }) => whole(embedded.rowsPerSecond),
    "PyAirbyte, rows/s": ({ pyairbyte }) => (pyairbyte ? whole(pyairbyte.rowsPerSecond) : "-"),
    ratio: ({ pyairbyte }) => pyairbyte?.ratio.toFixed(2) ?? "-",
    "ratio, whole program": ({ pyairbyte }) => pyairbyte?.wholeRatio.toFixed(2) ?? "-",
    "first row, s": ({ embedded }) => embedded.firstRowSeconds.toFixed(1),
    "PyAirbyte, first row, s": ({ pyairbyte }) => pyairbyte?.firstRowSeconds.toFixed(1) ?? "-",
    "cold, first row, s": ({ embedded }) => embedded.cold.firstRowSeconds.toFixed(1),
    "server, MB": ({ embedded }) => megabytes(embedded.peakBytes.server),
    "writer, MB": ({ embedded }) => megabytes(embedded.peakBytes.writer),
    "PyAirbyte, MB": ({ pyairbyte }) => megabytes(pyairbyte?.peakBytes ?? null),
  });
}
