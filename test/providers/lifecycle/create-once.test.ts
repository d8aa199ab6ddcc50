import { beforeEach, describe, expect, test } from "vitest";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import { createOnce } from "../../../providers/airbyte/lifecycle/create-once.ts";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import { GOOGLE_SHEETS, startAirbyte, type Airbyte } from "./airbyte.ts";

const sources = new ActorHandler("source");
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

/** What a run noted that was killed before the answer to its POST. */
const beginUnfinished = () => {
  const { context, source, workspaceId } = airbyte;
  const { declaredAs, name, definitionId } = source();
  const intention = { kind: "source", declaredAs, workspaceId, name, identity: { definitionId } };
  return context.intents.begin(intention, context.api.serverTime());
};

const list = () => airbyte.api.listActors("source", airbyte.workspaceId);

test("an answer that was lost after the write is settled at once: one object, no second POST", async () => {
  await airbyte.fault({ next: { method: "POST", path: "/sources", drop: "after" } });
  const { id } = await sources.create(airbyte.source(), airbyte.context);
  expect((await list()).map((source) => source.id)).toEqual([id]);
});

test("a server that was too slow is looked at for longer than one that broke off: it may still be at work", async () => {
  const lost = (limitMs?: number) => {
    let looks = 0;
    const creation = createOnce(
      {
        intention: { kind: "source", declaredAs: "dev/slow", workspaceId: "w", name: "slow", identity: {} },
        post: () =>
          Promise.reject(new AirbyteError({ code: "interrupted", call: "POST /sources", message: "", limitMs })),
        findAlike: () => Promise.resolve(++looks > 3 ? [{ id: "late", createdAt: Date.now() / 1000 + 60 }] : []),
        bringUpToDate: () => Promise.reject(new Error("it is up to date")),
        remove: () => Promise.reject(new Error("it is declared")),
        id: ({ id }) => id,
        createdAt: ({ createdAt }) => createdAt,
      },
      airbyte.newContext(),
    );
    return creation.then(
      ({ id }) => id,
      (error: unknown) => error,
    );
  };
  expect(await Promise.all([lost(), lost(500)])).toEqual([expect.any(AirbyteError), "late"]);
});

test("a POST that was cut off before the write fails, and the next run creates one", async () => {
  await airbyte.fault({ next: { method: "POST", path: "/sources", drop: "before" } });
  await expect(sources.create(airbyte.source(), airbyte.context)).rejects.toThrow(/nothing is made twice/);
  await sources.create(airbyte.source(), airbyte.newContext());
  expect(await list()).toHaveLength(1);
});

describe("after a process was killed", () => {
  test("between the POST and its answer, the next run takes over what was made, with what is declared now", async () => {
    const { context, source } = airbyte;
    await beginUnfinished();
    const made = await context.api.createActor("source", source());

    const { id } = await sources.create(source({ configuration: { count: 99 } }), airbyte.newContext());
    expect(id).toBe(made.id);
    expect(await list()).toMatchObject([{ id, configuration: { count: 99 } }]);
    expect(airbyte.lines).toEqual([expect.stringContaining("Taking over source")]);
  });

  test("between the answer and the state, the next run takes over by id", async () => {
    const { id } = await sources.create(airbyte.source(), airbyte.context);
    const again = await sources.create(airbyte.source(), airbyte.newContext());
    expect(again.id).toBe(id);
    expect(await list()).toHaveLength(1);
  });

  test("what the state is known to hold is not taken over: a replacement makes a new object", async () => {
    const { id } = await sources.create(airbyte.source(), airbyte.context);
    await airbyte.context.intents.confirm(id);
    const replacement = await sources.create(airbyte.source(), airbyte.newContext());
    expect(replacement.id).not.toBe(id);
  });

  test("an older object of the same name, and one that another declaration made, are left alone", async () => {
    const { context, source, byHand } = airbyte;
    const { id: older } = await context.api.createActor("source", source());
    const { id: other } = await sources.create(source({ declaredAs: "dev/other" }), context);
    await new Promise((resolve) => setTimeout(resolve, 3_100));
    await byHand("GET", "/api/public/v1/workspaces");
    await context.api.listWorkspaces();
    await beginUnfinished();
    const { id } = await sources.create(source(), airbyte.newContext());
    expect([older, other]).not.toContain(id);
  });

  test("two that it could be: an error names both, and nothing is made", async () => {
    const { context, source } = airbyte;
    await beginUnfinished();
    const one = await context.api.createActor("source", source());
    const two = await context.api.createActor("source", source());
    const creation = sources.create(source(), airbyte.newContext());
    await expect(creation).rejects.toThrow(new RegExp(`${one.id}, ${two.id}|${two.id}, ${one.id}`));
    expect(await list()).toHaveLength(2);
  });

  describe("what was made with another connector", () => {
    const sheet = () =>
      airbyte.source({
        definitionId: GOOGLE_SHEETS,
        configuration: { spreadsheet_id: "s", credentials: { auth_type: "Service", service_account_info: "{}" } },
      });

    test("goes, as it would have gone in the replacement that it is", async () => {
      const { id } = await sources.create(airbyte.source(), airbyte.context);
      const created = await sources.create(sheet(), airbyte.newContext());
      expect((await list()).map((source) => source.id)).toEqual([created.id]);
      expect(airbyte.lines).toEqual([expect.stringContaining(`Deleted source ${id}`)]);
      const back = await sources.create(airbyte.source(), airbyte.newContext());
      expect(back.id).not.toBe(id);
    });

    test("goes, too, where the state has another one again: an update comes, and takes it away", async () => {
      const { id } = await sources.create(airbyte.source(), airbyte.context);
      await airbyte.context.intents.confirm(id);
      const { id: left } = await sources.create(sheet(), airbyte.newContext());
      const context = airbyte.newContext();
      expect(context.intents.leftovers("source", "dev/users", id).map((intent) => intent.id)).toEqual([left]);
      await sources.removeLeftovers(id, airbyte.source(), context);
      expect((await list()).map((source) => source.id)).toEqual([id]);
      expect(airbyte.newContext().intents.leftovers("source", "dev/users", id)).toEqual([]);
    });

    test("stays where somebody's connection uses it, and is named", async () => {
      const { id } = await sources.create(airbyte.source(), airbyte.context);
      const destination = await airbyte.api.createActor("destination", airbyte.destination());
      await airbyte.api.createConnection({ name: "by hand", sourceId: id, destinationId: destination.id });
      const created = await sources.create(sheet(), airbyte.newContext());
      expect((await list()).map((source) => source.id).sort()).toEqual([id, created.id].sort());
      expect(airbyte.lines).toEqual([expect.stringMatching(new RegExp(`${id} .* stays, since connections use it`))]);
      expect(airbyte.newContext().intents.leftovers("source", "dev/users", created.id)).toEqual([]); // said once
    });
  });
});

describe("on data that an earlier life of the stack left, without its journal", () => {
  const inherit = async () => {
    await airbyte.api.listWorkspaces(); // brings the server's clock
    await airbyte.context.intents.inherit(airbyte.api.serverTime());
  };

  test("what has the name and the connector is taken over, with what is declared now", async () => {
    const made = await airbyte.api.createActor("source", airbyte.source());
    await inherit();
    const { id } = await sources.create(airbyte.source({ configuration: { count: 99 } }), airbyte.newContext());
    expect(id).toBe(made.id);
    expect(await list()).toMatchObject([{ id, configuration: { count: 99 } }]);
    expect(airbyte.lines).toEqual([`Taking over source "users" (${id}), which is on the kept data.`]);
  });

  test("each object is taken over once: two declarations of one name are two sources", async () => {
    const made = await airbyte.api.createActor("source", airbyte.source());
    await inherit();
    const first = await sources.create(airbyte.source(), airbyte.context);
    const second = await sources.create(airbyte.source({ declaredAs: "dev/others" }), airbyte.newContext());
    expect(first.id).toBe(made.id);
    expect(second.id).not.toBe(made.id);
  });

  test("what was made by hand since is left alone", async () => {
    await inherit();
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // creations are dated in seconds
    const { id: later } = await airbyte.api.createActor("source", airbyte.source());
    const { id } = await sources.create(airbyte.source(), airbyte.newContext());
    expect(id).not.toBe(later);
  });

  test("several of one name: an error names them, and nothing is made", async () => {
    const one = await airbyte.api.createActor("source", airbyte.source());
    const two = await airbyte.api.createActor("source", airbyte.source());
    await inherit();
    const creation = sources.create(airbyte.source(), airbyte.newContext());
    await expect(creation).rejects.toThrow(/2 sources named "users".*say which one with adopt: ID/s);
    await expect(creation).rejects.toThrow(new RegExp(`(?=.*${one.id})(?=.*${two.id})`, "s"));
    expect(await list()).toHaveLength(2);
  });
});

test("a creation that Airbyte refuses leaves nothing to settle", async () => {
  const wrong = airbyte.source({ configuration: { count: "many" } });
  await expect(sources.create(wrong, airbyte.context)).rejects.toThrow(/422/);
  expect(airbyte.context.intents.pending("source", "dev/users")).toEqual([]);
});
