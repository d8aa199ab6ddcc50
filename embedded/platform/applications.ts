import { randomBytes, randomUUID } from "node:crypto";
import { badRequest, notFound, OpaqueError } from "../api/problems.ts";
import type { Instance } from "../instance.ts";
import type { Application } from "../state.ts";

type Applications = Pick<Instance, "store" | "options">;

export function listApplications({ store, options }: Applications): Application[] {
  const all = store.applications.all();
  if (!options.fixedApplication) return all;
  return all.filter(({ own }) => own).map((application) => ({ ...application, id: randomUUID() }));
}

export function findApplication({ store }: Pick<Instance, "store">, id: string): Application {
  const application = store.applications.get(id);
  if (!application) throw notFound("application", id);
  return application;
}

export function createApplication({ store, options }: Applications, name: string): Application {
  if (options.fixedApplication) throw new OpaqueError(500, "Simple authentication has one application for good");
  return store.applications.put({
    id: randomUUID(),
    name,
    clientId: randomUUID(),
    clientSecret: randomBytes(32).toString("base64url"),
    createdAt: Date.now(),
    own: false,
  });
}

export function deleteApplication(instance: Applications, id: string): Application {
  if (instance.options.fixedApplication)
    throw new OpaqueError(500, "Simple authentication has one application for good");
  const application = instance.store.applications.get(id);
  if (!application) throw new OpaqueError(500, `There is no application ${id}`);
  if (application.own) {
    throw badRequest("This is the installation's own application; without it nobody could get in");
  }
  instance.store.applications.remove(application.id);
  return application;
}
