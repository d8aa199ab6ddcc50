import { Hono, type Handler, type MiddlewareHandler } from "hono";
import type { Env } from "../../faults.ts";
import { admit, type Instance } from "../requests.ts";
import { actors, checks } from "./actors.ts";
import { connections, state, webBackend } from "./connections.ts";
import { builderProjects, definitions } from "./definitions.ts";
import { access, installation, regions } from "./installation.ts";
import { jobs } from "./jobs.ts";
import { inConfigDialect } from "./route.ts";
import { tags, workspaces } from "./workspaces.ts";

/** Airbyte's config API, `/api/v1`: the older one, by which its own web pages and a few clients still work. */
export function configApi(instance: Instance, middleware: readonly MiddlewareHandler<Env>[]): Hono<Env> {
  const routes = [
    ...installation(instance),
    ...workspaces(instance),
    ...(["source", "destination"] as const).flatMap((kind) => [
      ...actors(instance, kind),
      ...checks(instance, kind),
      ...definitions(instance, kind),
    ]),
    ...connections(instance),
    ...webBackend(instance),
    ...jobs(instance),
    ...state(instance),
    ...tags(instance),
    ...builderProjects(instance),
    ...access(instance),
    ...regions(instance),
  ];
  const app = new Hono<Env>();
  for (const { method, path, anonymous, answer } of routes) {
    const handler: Handler<Env> = async (c) => {
      try {
        if (!anonymous) await admit(instance, c, { basic: instance.options.basicAuth });
        const answered = await answer(c);
        if (answered instanceof Response) return answered;
        return answered === undefined ? c.body(null, 204) : c.json(answered as object);
      } catch (error) {
        throw inConfigDialect(error);
      }
    };
    app.on(method, [path], ...middleware, handler);
  }
  return app;
}
