import { beforeEach, expect, test } from "vitest";
import { examineWhole } from "../../../providers/airbyte/kind.ts";
import { ObjectHandler } from "../../../providers/airbyte/lifecycle/object.ts";
import { descriptions } from "../../../providers/airbyte/kinds/descriptions.ts";
import { applicationLife, type ApplicationInputs } from "../../../providers/airbyte/kinds/application/life.ts";
import { startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const API = "/api/public/v1";
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

const handler = new ObjectHandler(descriptions.application, applicationLife);
const declare = (): ApplicationInputs => airbyte.object("scheduler", {});

test("their credentials are outputs, and get in", async () => {
  const { id } = await handler.create(declare(), airbyte.context);
  const { clientId, clientSecret } = await handler.outputs(declare(), airbyte.context, id);
  const given = { client_id: clientId, client_secret: clientSecret };
  expect(await airbyte.byHand("POST", `${API}/applications/token`, given)).toHaveProperty("access_token");
});

test("with simple authentication there is one for good: one error says so, in the preview already", async () => {
  airbyte = await startAirbyte({ fixedApplication: true });
  const { mistakes } = await examineWhole(handler, declare(), airbyte.context);
  expect(mistakes).toEqual([expect.stringContaining("applications can't be managed there")]);
  await expect(handler.create(declare(), airbyte.context)).rejects.toThrow(
    /application "scheduler": this Airbyte signs in by simple authentication/,
  );
  expect(airbyte.context.intents.pending("application", "dev/scheduler")).toEqual([]);
});
