import { markdownTable, whole } from "../bench/table.ts";
import type { Failure } from "./gateway.ts";

/** What came of one part of a run. */
export interface Outcome {
  part: string;
  calls: number;
  operations: number;
  failures: Failure[];
  seconds: number;
  /** The time was over before the calls were. */
  cut: boolean;
  note: string;
}

export function tableOf(outcomes: Outcome[]): string {
  return markdownTable(outcomes, {
    part: ({ part }) => part,
    calls: ({ calls }) => whole(calls),
    operations: ({ operations }) => whole(operations),
    failures: ({ failures }) => whole(failures.length),
    seconds: ({ seconds, cut }) => `${whole(seconds)}${cut ? " (all it had)" : ""}`,
    "what came": ({ note }) => note,
  });
}
