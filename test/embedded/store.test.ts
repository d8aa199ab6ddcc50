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

test("what can't be written is an error for all who waited for it, is undone in memory, and everything else goes on", async () => {
  const file = join(temporaryFolder(), "data.json");
  const store = new Store(file);
  store.tags.put(tag("first"));
  store.tags.put(tag("second"));
  await store.save();

  vi.mocked(writeFileAtomic).mockImplementationOnce(async () => {
    await Promise.resolve();
    throw new Error("disk full");
  });
  store.tags.put({ ...tag("first"), name: "changed" });
  const refused = [store.save()];
  store.tags.remove("first"); // while the write is under way
  store.tags.put(tag("third"));
  refused.push(store.save());
  for (const save of refused) await expect(save).rejects.toThrow("disk full");
  expect(store.tags.all()).toEqual([tag("first"), tag("second")]);

  store.tags.put(tag("fourth"));
  await store.save();
  const again = new Store(file);
  await again.load();
  expect(again.tags.all()).toEqual([tag("first"), tag("second"), tag("fourth")]);
});

test("a value that has no JSON is refused before it is kept", async () => {
  const store = new Store(join(temporaryFolder(), "data.json"));
  store.tags.put(tag("first"));
  const endless: Record<string, unknown> = { ...tag("endless") };
  endless.self = endless;
  expect(() => store.tags.put(endless as unknown as ReturnType<typeof tag>)).toThrow("circular");
  expect(store.tags.all()).toEqual([tag("first")]);
  await store.save();
});

test("a file that is not JSON is an error that names it", async () => {
  const file = join(temporaryFolder(), "data.json");
  writeFileSync(file, "{");
  await expect(new Store(file).load()).rejects.toThrow(file);
});
