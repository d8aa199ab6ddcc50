import { Hono } from "hono";
import type { Instance } from "../requests.ts";
import { applications, organizations, permissions, regions, users } from "./access.ts";
import { actors, streams } from "./actors.ts";
import { connections, jobs } from "./connections.ts";
import { connectorDefinitions } from "./definitions.ts";
import { tags, workspaces } from "./workspaces.ts";

/** Airbyte's public API, `/api/public/v1`. Creates answer 200; most deletes 204. */
export function publicApi(instance: Instance): Hono {
  return new Hono()
    .route("/applications", applications(instance))
    .route("/workspaces", workspaces(instance))
    .route("/sources", actors(instance, "source"))
    .route("/destinations", actors(instance, "destination"))
    .route("/connections", connections(instance))
    .route("/streams", streams(instance))
    .route("/jobs", jobs(instance))
    .route("/tags", tags(instance))
    .route("/connector_definitions", connectorDefinitions(instance))
    .route("/organizations", organizations(instance))
    .route("/users", users(instance))
    .route("/permissions", permissions(instance))
    .route("/regions", regions(instance));
}
