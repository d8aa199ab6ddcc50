import { Hono } from "hono";
import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { Application } from "../../state.ts";
import {
  createApplication,
  deleteApplication,
  findApplication,
  listApplications,
} from "../../platform/applications.ts";
import { body, idParam } from "../requests.ts";

export function applications(instance: Instance): Hono {
  return new Hono()
    .get("/", (c) => c.json({ applications: listApplications(instance).map(shownApplication) }))
    .post("/", async (c) => {
      const { name } = await body(c, z.object({ name: z.string() }));
      return c.json(shownApplication(createApplication(instance, name)));
    })
    .get("/:applicationId", (c) => c.json(shownApplication(findApplication(instance, idParam(c, "applicationId")))))
    .delete("/:applicationId", (c) =>
      c.json(shownApplication(deleteApplication(instance, idParam(c, "applicationId")))),
    );
}

/** The same in both APIs. */
export function shownApplication({ id, name, clientId, clientSecret, createdAt }: Application) {
  return { id, name, clientId, clientSecret, createdAt: Math.floor(createdAt / 1000) };
}
