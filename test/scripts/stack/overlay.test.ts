import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { config, overlay, project, temporaryFolder, write } from "../modules.ts";

const secret = (text: string) => ({ secure: `v1:${text}` });

describe("the overlay of a stack's settings", () => {
  test("adds the local salt and secrets to the tracked values", () => {
    const tracked = { config: { "p:target": "embedded" } };
    const local = { config: { "p:key": secret("a") }, encryptionsalt: "v1:salt" };
    expect(overlay.mergeSettings(tracked, local)).toEqual({
      config: { "p:target": "embedded", "p:key": secret("a") },
      encryptionsalt: "v1:salt",
    });
  });

  test("takes plain values from the tracked file only", () => {
    const local = { config: { "p:target": "old", "p:gone": "old", "p:list": ["old"] } };
    expect(overlay.mergeSettings({ config: { "p:target": "new" } }, local)).toEqual({ config: { "p:target": "new" } });
  });

  test("lets a plain value in the tracked file win over a secret of the same name", () => {
    const local = { config: { "p:key": secret("a") } };
    expect(overlay.mergeSettings({ config: { "p:key": "plain" } }, local)).toEqual({ config: { "p:key": "plain" } });
    expect(overlay.lostKeys({ config: { "p:key": "plain" } }, local)).toEqual(["p:key"]);
  });

  test("keeps secrets inside maps and lists, without the plain values around them", () => {
    const local = { config: { "p:profiles": { a: { url: "old", key: secret("a") } }, "p:list": [secret("l")] } };
    const tracked = { config: { "p:profiles": { a: { url: "new" }, b: { url: "b" } } } };
    expect(overlay.mergeSettings(tracked, local).config).toEqual({
      "p:profiles": { a: { url: "new", key: secret("a") }, b: { url: "b" } },
      "p:list": [secret("l")],
    });
    expect(overlay.mergeSettings({}, local).config).toEqual({
      "p:profiles": { a: { key: secret("a") } },
      "p:list": [secret("l")],
    });
  });

  test("prefers its own salt, then the new stack's, then a bare one in the tracked file", () => {
    const tracked = { encryptionsalt: "tracked" };
    expect(overlay.mergeSettings(tracked, { encryptionsalt: "local" }, "new").encryptionsalt).toBe("local");
    expect(overlay.mergeSettings(tracked, {}, "new").encryptionsalt).toBe("new");
    expect(overlay.mergeSettings(tracked, {}).encryptionsalt).toBe("tracked");
  });

  test("steps aside where the tracked file holds secrets or names a secrets provider", () => {
    expect(overlay.isManagedByUser({ config: { "p:key": secret("a") }, encryptionsalt: "v1:salt" })).toBe(true);
    expect(overlay.isManagedByUser({ secretsprovider: "awskms://alias/key" })).toBe(true);
    expect(overlay.isManagedByUser({ config: { "p:target": "embedded" }, encryptionsalt: "v1:salt" })).toBe(false);
  });

  test("is a file that only its owner can read, and follows the tracked file", () => {
    const dir = temporaryFolder();
    write(join(dir, "Pulumi.yaml"), "name: p\n");
    write(join(dir, "Pulumi.dev.yaml"), "config:\n  p:a: one\n");
    const settings = project.readProject(dir, {});

    const { file } = overlay.writeOverlay(settings, "dev", "v1:salt");
    expect(file).toBe(join(dir, ".airbyte", "dev", "Pulumi.dev.yaml"));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, ".airbyte")).mode & 0o777).toBe(0o700);

    write(join(dir, "Pulumi.dev.yaml"), "config:\n  p:a: two\n");
    expect(overlay.writeOverlay(settings, "dev").settings).toEqual({
      config: { "p:a": "two" },
      encryptionsalt: "v1:salt",
    });
  });
});

describe("pulumi config", () => {
  const opened = { configFile: "/overlay.yaml" };
  const file = ["--config-file", "/overlay.yaml"];

  test("sets secrets in the overlay and plain values in the tracked file", () => {
    const set = (...args: string[]) => config.configFileFor(opened, { verb: "config", noun: "set", args });
    expect(set("config", "set", "--secret", "key")).toEqual(file);
    expect(set("config", "set", "key", "value")).toEqual([]);
  });

  test("reads the overlay, as up and preview do", () => {
    expect(config.configFileFor(opened, { verb: "config", args: ["config"] })).toEqual(file);
    expect(config.configFileFor(opened, { verb: "up", args: ["up"] })).toEqual(file);
  });

  test("leaves a --config-file of the user's alone", () => {
    expect(config.configFileFor(opened, { verb: "up", args: ["up", "--config-file=mine.yaml"] })).toEqual([]);
  });
});

describe("tracked settings files", () => {
  test("get a bare salt taken away again, and keep every other change", async () => {
    const dir = temporaryFolder();
    const plain = "# why\nconfig:\n  p:a: one # because\n";
    const dev = write(join(dir, "Pulumi.dev.yaml"), plain);
    const prod = write(join(dir, "Pulumi.prod.yaml"), plain);
    await overlay.keepTracked(dir, () => {
      write(dev, `${plain}encryptionsalt: v1:x\n`);
      write(prod, "config:\n  p:a: two\n");
      write(join(dir, "Pulumi.new.yaml"), "encryptionsalt: v1:x\n");
      return Promise.resolve();
    });
    expect(readFileSync(dev, "utf8")).toBe(plain);
    expect(readFileSync(prod, "utf8")).toBe("config:\n  p:a: two\n");
    expect(() => readFileSync(join(dir, "Pulumi.new.yaml"))).toThrow("ENOENT");
  });
});
