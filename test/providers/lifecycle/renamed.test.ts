import { beforeEach, expect, test } from "vitest";
import { airbyteKind } from "../../../providers/airbyte/kind.ts";
import { handlers } from "../../../providers/airbyte/kinds/handlers.ts";
import type { CommonInputs, Handler } from "../../../providers/airbyte/lifecycle/handler.ts";
import { Manifests } from "../../../providers/airbyte/lifecycle/manifests.ts";
import type { Session } from "../../../providers/airbyte/session.ts";
import { startAirbyte, type Airbyte } from "./airbyte.ts";

type Kind = keyof typeof handlers;
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

/** A run of its own: the journal is read anew. */
function run(kind: Kind) {
  const context = airbyte.newContext();
  const session = {
    ...{ intents: () => context.intents, context: () => Promise.resolve(context) },
    ...{ isInState: () => false, isDataGone: () => false, isOutOfReach: () => false },
    ...{ log: () => undefined, logOnce: () => undefined, manifests: new Manifests() },
  };
  const provider = airbyteKind(kind, handlers[kind] as unknown as Handler<CommonInputs>);
  return { provider, session: session as unknown as Session, intents: context.intents };
}

const tag = (over: object = {}) => airbyte.object("old", { color: "1F77B4", ...over });
const renamed = { declaredAs: "dev/new", declaredBefore: ["dev/old"], name: "new" };
const declared: [Kind, () => object][] = [
  ["tag", () => tag()],
  ["source", () => ({ ...airbyte.source(), declaredAs: "dev/old", name: "old" })],
];

test.each(declared)(
  "a %s of a killed run is taken over by the entry that was renamed meanwhile",
  async (kind, inputs) => {
    const first = run(kind);
    const { id } = await first.provider.create({ ...inputs() }, first.session);
    // The run was killed before Pulumi wrote its state.
    const second = run(kind);
    const created = await second.provider.create({ ...inputs(), ...renamed }, second.session);
    expect(created.id).toBe(id);
    expect(created.outs).toMatchObject({ declaredAs: "dev/new", name: "new" });
    expect(created.outs).not.toHaveProperty("declaredBefore");
  },
);

test.each(declared)(
  "a %s's new name is no change, and what is left of the earlier one is taken away",
  async (kind, inputs) => {
    const first = run(kind);
    const { id } = await first.provider.create({ ...inputs() }, first.session);
    const news = { ...inputs(), ...renamed, name: "old" };
    const second = run(kind);
    expect(await second.provider.diff(id, { ...inputs() }, news, second.session)).toMatchObject({ changes: false });
    // A replacement of it was cut off, and is none any more.
    const cutOff = await second.provider.create({ ...inputs(), name: "replacement" }, second.session);
    const third = run(kind);
    expect(await third.provider.diff(id, { ...inputs() }, news, third.session)).toMatchObject({ changes: true });
    await third.provider.update(id, { ...inputs() }, news, third.session);
    expect(await third.provider.read(cutOff.id, { ...inputs() }, third.session)).toBeUndefined();
    expect(await third.provider.read(id, { ...inputs() }, third.session)).toBeDefined();
  },
);
