import type { Session } from "./airbyte/session.ts";
import type { Difference } from "./airbyte/lifecycle/handler.ts";

/** What Pulumi calls for the resources of one type, in plain TypeScript. */
export interface ResourceHandler {
  /** Mistakes as sentences; `inputs` where the check completes what was declared. */
  check(olds: Props, news: Props, session: Session): Promise<Checked> | Checked;
  diff(id: string, olds: Props, news: Props, session: Session): Promise<Difference> | Difference;
  create(inputs: Props, session: Session): Promise<{ id: string; outs: object }>;
  /** undefined when it is gone. */
  read(id: string, state: Props, session: Session): Promise<{ inputs: object; outs: object } | undefined>;
  update(id: string, olds: Props, news: Props, session: Session): Promise<object>;
  delete(id: string, state: Props, session: Session): Promise<void>;
}

export interface Checked {
  mistakes: string[];
  inputs?: Props;
}

export type Props = Record<string, unknown>;
