import type { ConfiguredStream } from "../connectors/connector.ts";
import { maskingOf } from "../connectors/secrets.ts";
import type { Instance } from "../instance.ts";
import { connectorOf, liveActor } from "../platform/actors.ts";
import { halves } from "../sync-modes.ts";
import type { Connection } from "../state.ts";
import type { JobLog } from "./job-log.ts";
import type { End } from "./sync.ts";

/** The two ends of a connection, with their configurations as they are now. */
export function endsOf(instance: Instance, connection: Connection): { source: End; destination: End } {
  return {
    source: endOf(instance, "source", connection.sourceId),
    destination: endOf(instance, "destination", connection.destinationId),
  };
}

function endOf(instance: Instance, kind: "source" | "destination", id: string): End {
  const { definitionId, configuration } = liveActor(instance, kind, id);
  return { connector: connectorOf(instance, kind, definitionId), configuration };
}

/** The source only plays its rows: they are counted, and never written into a destination that is real. */
export function isPlayed({ source }: { source: End }): boolean {
  return source.connector.simulated;
}

/** Takes the secrets of both ends out of a text. */
export async function maskingOfBoth({ source, destination }: { source: End; destination: End }) {
  const maskings = await Promise.all(
    [source, destination].map(async ({ connector, configuration }) => {
      return maskingOf((await connector.spec()).connectionSpecification, configuration);
    }),
  );
  return (text: string) => maskings.reduce((masked, masking) => masking(masked), text);
}

/** The connection's streams as the source has them now. */
export async function streamsOf(
  instance: Instance,
  connection: Connection,
  log: Pick<JobLog, "say">,
): Promise<ConfiguredStream[]> {
  const source = liveActor(instance, "source", connection.sourceId);
  const connector = connectorOf(instance, "source", source.definitionId);
  const catalog = await instance.discovery.catalogOf(source, connector);
  return connection.streams.flatMap((configured): ConfiguredStream[] => {
    const stream = catalog.streams.find(
      ({ name, namespace }) => name === configured.name && (namespace ?? null) === configured.namespace,
    );
    if (!stream) {
      log.say(`WARN The source has no stream ${configured.name} any longer`);
      return [];
    }
    const { source: syncMode, destination: destinationSyncMode } = halves[configured.syncMode];
    return [{ ...configured, stream, syncMode, destinationSyncMode }];
  });
}
