import { markdownTable, whole } from "../bench/table.ts";

/** What came of one part of a run. */
export interface Figures {
  part: string;
  calls: number;
  operations: number;
  failures: number;
  seconds: number;
  /** The time was over before the calls were. */
  cut: boolean;
  note: string;
}

export function tableOf(figures: Figures[]): string {
  return markdownTable(figures, {
    part: ({ part }) => part,
    calls: ({ calls }) => whole(calls),
    operations: ({ operations }) => whole(operations),
    failures: ({ failures }) => whole(failures),
    seconds: ({ seconds, cut }) => `${whole(seconds)}${cut ? " (all it had)" : ""}`,
    "what came": ({ note }) => note,
  });
}
