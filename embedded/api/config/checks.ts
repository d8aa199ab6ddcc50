import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { CheckResult } from "../../connectors/connector.ts";
import type { ConnectorKind } from "../../state.ts";
import type { Instance } from "../../instance.ts";
import type { JsonObject } from "../../json.ts";
import { connectorOf, liveActor, replacedConfiguration } from "../../platform/actors.ts";
import { validateConfiguration } from "../../platform/configuration.ts";
import { simulationNote } from "../../platform/definitions.ts";
import { Problem } from "../problems.ts";
import { object } from "../requests.ts";
import { of } from "./actors.ts";
import { id, post, type Route } from "./route.ts";
import { discoveredCatalog } from "./shown-catalog.ts";
import { synchronousJob } from "./synchronous-job.ts";

const one = z.object({ id });
const update = z.object({ id, configuration: object });
const discovery = z.object({ id, disable_cache: z.boolean().nullish() });
const beforeCreation = z.object({ definitionId: id, configuration: object });

/** The connection test of sources and destinations, and the discovery of a source's streams. */
export function checks(instance: Instance, kind: ConnectorKind): Route[] {
  const test = async (definitionId: string, configuration: JsonObject, configId?: string) => {
    const begun = Date.now();
    const { checkError } = instance.faults.settings;
    const { status, message, failureType }: CheckResult = checkError
      ? { status: "failed", message: checkError.replace("{configuration}", JSON.stringify(configuration)) }
      : await connectorOf(instance, kind, definitionId).check(configuration);
    // A configuration that doesn't connect is a result; only a connector that could not tell has failed.
    const failure = failureType && failureType !== "config_error" ? { message: message ?? "", failureType } : undefined;
    const jobInfo = synchronousJob(`check_connection_${kind}`, { configId, begun, failure });
    return { status, ...(message === undefined ? {} : { message }), jobInfo };
  };
  const all = [
    post(`/${kind}s/check_connection`, of(kind, one), (given) => {
      const { definitionId, configuration } = liveActor(instance, kind, given.id);
      return test(definitionId, configuration, given.id);
    }),
    // Checks what an update would store, and stores nothing.
    post(`/${kind}s/check_connection_for_update`, of(kind, update), async (given) => {
      const configuration = await replacedConfiguration(instance, kind, given.id, given.configuration);
      return test(liveActor(instance, kind, given.id).definitionId, configuration, given.id);
    }),
    post(`/scheduler/${kind}s/check_connection`, of(kind, beforeCreation), async ({ definitionId, configuration }) => {
      const begun = Date.now();
      const { connectionSpecification } = await connectorOf(instance, kind, definitionId).spec();
      try {
        // Nothing is validated before the connector runs, and the connector refuses what its spec doesn't allow.
        validateConfiguration(connectionSpecification, configuration);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return {
          status: "failed",
          message: error.text,
          jobInfo: synchronousJob(`check_connection_${kind}`, { begun }),
        };
      }
      return test(definitionId, configuration);
    }),
  ];
  return kind === "source" ? [...all, post("/sources/discover_schema", of(kind, discovery), discover(instance))] : all;
}

/** A failed discovery is a 200 as well, and says so in `jobInfo`. */
function discover(instance: Instance) {
  return async ({ id: sourceId, disable_cache }: z.output<typeof discovery>) => {
    const source = liveActor(instance, "source", sourceId);
    const connector = connectorOf(instance, "source", source.definitionId);
    const begun = Date.now();
    try {
      const catalog = await instance.discovery.catalogOf(source, connector, { ignoreCache: disable_cache === true });
      return {
        catalog: discoveredCatalog(catalog, connector),
        catalogId: randomUUID(),
        jobInfo: synchronousJob("discover_schema", { configId: sourceId, begun, note: simulationNote(connector) }),
      };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return {
        jobInfo: synchronousJob("discover_schema", {
          configId: sourceId,
          begun,
          failure: { message: error.text, cause: error.cause },
        }),
      };
    }
  };
}
