import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { expect, test, vi } from "vitest";
import { Store } from "../../embedded/store.ts";
import { temporaryFolder } from "./start.ts";

vi.mock("write-file-atomic", async (importOriginal) => {
  const original = await importOriginal<{ default: typeof writeFileAtomic }>();
  return { default: vi.fn(original.default) };
});

const tag = (id: string) => ({ id, workspaceId: "w", name: id, color: "aabbcc" });

test("many changes at once share two file writes: the one under way and the next", async () => {
  const file = join(temporaryFolder(), "data.json");
  const store = new Store(file);
  vi.mocked(writeFileAtomic).mockClear();
  await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      if (index > 0) await Promise.resolve();
      store.tags.put(tag(`tag-${index}`));
      await store.save();
      expect(readFileSync(file, "utf8")).toContain(`"tag-${index}"`);
    }),
  );
  expect(vi.mocked(writeFileAtomic).mock.calls.length).toBeLessThanOrEqual(2);
});

test("a failed write is an error for its caller, and the next one writes everything", async () => {
  const file = join(temporaryFolder(), "data.json");
  const store = new Store(file);
  store.tags.put(tag("first"));
  vi.mocked(writeFileAtomic).mockRejectedValueOnce(new Error("disk full"));
  await expect(store.save()).rejects.toThrow("disk full");
  await store.save();
  const again = new Store(file);
  await again.load();
  expect(again.tags.all()).toEqual([tag("first")]);
});

test("a file that is not JSON is an error that names it", async () => {
  const file = join(temporaryFolder(), "data.json");
  writeFileSync(file, "{");
  await expect(new Store(file).load()).rejects.toThrow(file);
});
