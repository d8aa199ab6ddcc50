import { afterAll, beforeAll, test } from "vitest";
import { ExistingAirbyte, onExisting } from "./existing.ts";
import type { Faulty } from "./faults.ts";
import { meetEverywhere, type Case } from "./operations.ts";

let faulty: Faulty;

beforeAll(async () => {
  const airbyte = await ExistingAirbyte.start({ afterwards: afterAll });
  faulty = await onExisting(airbyte.about, undefined, { afterwards: afterAll });
});

// What is turned away for a moment is tried again, but for a creation that may have happened; 500 is Airbyte's own failure.
test.each<Case>([
  {
    name: "429, without and with Retry-After,",
    faults: [{ status: 429 }, { status: 429, retryAfter: 1 }],
    overcome: true,
    createOvercome: true,
  },
  { name: "500", faults: [{ status: 500 }], overcome: false, createOvercome: false },
  {
    name: "502, 503 and 504",
    faults: [{ status: 502 }, { status: 503 }, { status: 504 }],
    overcome: true,
    createOvercome: false,
  },
])("$name in up, refresh and destroy: the next up finishes, and everything is there once", async (row) => {
  await meetEverywhere(faulty, row);
});
