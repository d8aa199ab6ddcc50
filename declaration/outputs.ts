import type * as pulumi from "@pulumi/pulumi";
import type { DeclaredPipelines } from "./declare.ts";

/** One row of the stack's output `pipelines`. */
export interface PipelineRow {
  connectionId: pulumi.Output<string>;
  source: string;
  sourceId: pulumi.Input<string>;
  destination: string;
  destinationId: pulumi.Input<string>;
}

/** The pipelines with the ids that Airbyte gave them, by the names of their connections. */
export function pipelineTable({ sources, destinations, connections }: DeclaredPipelines): Record<string, PipelineRow> {
  return Object.fromEntries(
    Object.entries(connections).map(([name, { connection, source, destination }]) => {
      // An end that others manage is there by its id alone.
      const ends = {
        sourceId: sources[source]?.id ?? source,
        destinationId: destinations[destination]?.id ?? destination,
      };
      return [name, { connectionId: connection.id, source, destination, ...ends }];
    }),
  );
}
