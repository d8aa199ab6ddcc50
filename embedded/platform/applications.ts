import { randomBytes, randomUUID } from "node:crypto";
import { badRequest, notFound } from "../api/problems.ts";
import type { Instance } from "../instance.ts";
import type { Application } from "../state.ts";

export function findApplication({ store }: Pick<Instance, "store">, id: string): Application {
  const application = store.applications.get(id);
  if (!application) throw notFound("application", id);
  return application;
}

export function createApplication({ store }: Pick<Instance, "store">, name: string): Application {
  return store.applications.put({
    id: randomUUID(),
    name,
    clientId: randomUUID(),
    clientSecret: randomBytes(32).toString("base64url"),
    createdAt: Date.now(),
    own: false,
  });
}

export function deleteApplication(instance: Pick<Instance, "store">, id: string): Application {
  const application = findApplication(instance, id);
  if (application.own) {
    throw badRequest("This is the installation's own application; without it nobody could get in");
  }
  instance.store.applications.remove(application.id);
  return application;
}
