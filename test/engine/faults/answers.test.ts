import { afterAll, beforeAll, test } from "vitest";
import { ExistingAirbyte, onExisting } from "./existing.ts";
import type { Faulty } from "./faults.ts";
import { meetEverywhere, type Case } from "./operations.ts";

let faulty: Faulty;

beforeAll(async () => {
  const airbyte = await ExistingAirbyte.start({ afterwards: afterAll });
  faulty = await onExisting(airbyte.about, undefined, { afterwards: afterAll });
});

test.each<Case>([
  {
    name: "a reset before the request, and a gateway's error page,",
    faults: [{ drop: "before" }, { html: true, status: 502 }],
    overcome: true,
    createOvercome: false,
  },
  {
    name: "an answer lost after the work is done (a reset, a gateway's 504, cut off half-way)",
    // In this order: that of a deletion is empty, so that nothing can be cut off, and no fault would be met after it.
    faults: [{ drop: "after" }, { status: 504, late: true }, { truncate: true }],
    overcome: true,
    createOvercome: true,
  },
  { name: "a web page in place of JSON", faults: [{ html: true }], overcome: false, createOvercome: false },
])("$name in up, refresh and destroy: the next up finishes, and everything is there once", async (row) => {
  await meetEverywhere(faulty, row);
});
