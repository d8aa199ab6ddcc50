import { expect, onTestFinished, test } from "vitest";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import { InFlight } from "../../../providers/airbyte/api/in-flight.ts";
import { scriptedServer } from "./scripted-server.ts";

test("what is under way is finished before it is closed, what comes of it too, and then no further call is made", async () => {
  const inFlight = new InFlight();
  const { url, calls } = await scriptedServer([(response) => setTimeout(() => response.end("{}"), 50), { body: {} }]);
  const client = new Client({ root: url, inFlight });
  onTestFinished(() => client.close());
  const get = () => client.call({ method: "GET", path: "/thing" });

  const done: string[] = [];
  const work = inFlight.during(async () => {
    await get();
    done.push("answered");
    await Promise.resolve();
    done.push("noted");
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  await inFlight.close();
  expect(done).toEqual(["answered", "noted"]);
  await work;

  expect(() => inFlight.assertOpen()).toThrow("the engine is gone");
  const refused: unknown = await get().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AirbyteError);
  expect(calls).toHaveLength(1);
});

test("with nothing under way it is closed at once", async () => {
  await new InFlight().close();
});
