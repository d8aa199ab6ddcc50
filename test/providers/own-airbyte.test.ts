import { X509Certificate } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createEmbeddedServer } from "../../embedded/server.ts";
import { serverCertificate, serverKeyPem } from "../../credentials/certificates.ts";
import { apiCredentials, tlsKeys } from "../../credentials/credentials.ts";
import { Access } from "../../providers/access.ts";
import { Session } from "../../providers/airbyte/session.ts";
import { installationHandler } from "../../providers/host/installation.ts";
import { readinessHandler } from "../../providers/host/readiness.ts";
import { serverCertificateHandler, type ServerCertificateOutputs } from "../../providers/host/server-certificate.ts";
import { waitUntil } from "../../providers/host/waiting.ts";
import { FAKER } from "../engine/sample.ts";
import { presetCredentials } from "../doubles/airbyte-with.ts";

const ROOT = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";

function session(settings: Record<string, string> = {}) {
  const made = new Session(new Access({ get: (key) => ({ target: "aws", rootSecret: ROOT, ...settings })[key] }));
  vi.spyOn(made, "log").mockImplementation(() => undefined);
  return made;
}

/** An Airbyte whose application is of this version of the credentials. */
async function airbyte(version: number) {
  const dataDir = mkdtempSync(join(tmpdir(), "airbyte-"));
  presetCredentials(dataDir, apiCredentials(ROOT, version));
  const server = await createEmbeddedServer({ dataDir, faults: true });
  onTestFinished(() => server.close());
  return server;
}

const inputs = (airbyteUrl: string) => ({
  airbyteUrl,
  declaredAs: "dev/airbyte",
  startedBy: ["a"],
  minutes: 0,
  lookBy: "LOOK",
});

describe("an Airbyte of the program's own", () => {
  test("is entered with what is derived from the root secret", async () => {
    const server = await airbyte(1);
    const created = await readinessHandler.create(inputs(server.url), session());
    expect(created.outs).toMatchObject({ airbyteUrl: server.url });
  });

  test("is entered with the previous credentials where it doesn't have the new ones yet", async () => {
    const server = await airbyte(1);
    await readinessHandler.create(inputs(server.url), session({ credentials: '{"api": 2}' }));
    await expect(readinessHandler.create(inputs(server.url), session({ credentials: '{"api": 3}' }))).rejects.toThrow(
      /4\d\d/,
    );
  });

  test("that doesn't answer is waited for, and the error says how to look and that all is kept", async () => {
    const waiting = readinessHandler.create(inputs("http://127.0.0.1:9"), session());
    await expect(waiting).rejects.toThrow(
      /did not come up within 0 minutes.*Everything that was made is kept.*look with: LOOK/s,
    );
  });

  test("that waits for somebody else's record says which one", async () => {
    const needs = "the record airbyte.example.com A 203.0.113.10";
    const waiting = readinessHandler.create({ ...inputs("http://127.0.0.1:9"), needs }, session());
    await expect(waiting).rejects.toThrow(`it needs ${needs}`);
  });

  test("with a certificate of another authority is nobody to wait for, and gets no credentials", async () => {
    const other = tlsKeys(`${ROOT}x`, 1);
    const asked: string[] = [];
    const tls = { cert: await serverCertificate(other, ["127.0.0.1"]), key: serverKeyPem(other) };
    const server = createTlsServer(tls, (request, response) => {
      asked.push(request.url ?? "");
      response.end("{}");
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const started = readinessHandler.create({ ...inputs(url), minutes: 40 }, session());
    await expect(started).rejects.toThrow(/certificate/);
    expect(asked).toEqual([]);
  });
});

test("who waits hears what for, and how long already", async () => {
  const lines: string[] = [];
  let looks = 0;
  await waitUntil({
    what: "Docker on 203.0.113.10",
    timeoutMs: 60_000,
    look: () => Promise.resolve(++looks < 4 ? "connection refused" : undefined),
    nextStep: "",
    say: (line) => lines.push(line),
    pauseMs: 1,
    sayEveryMs: 0,
  });
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe("Waiting for Docker on 203.0.113.10 since 0 s: connection refused");
});

describe("the installation", () => {
  const made = async (over: object = {}) => {
    const { url } = await airbyte(1);
    return {
      inputs: { airbyteUrl: url, declaredAs: "dev/airbyte", data: "vol-1", adminEmail: "me@example.com", ...over },
    };
  };
  const intentsOf = (stateDir: string) => session({ stateDir }).intents({ airbyteUrl: "", declaredAs: "dev/users" });

  test("gives the admin its e-mail address, at first and after a change", async () => {
    const { inputs } = await made();
    const stateDir = mkdtempSync(join(tmpdir(), "state-"));
    const email = async () => {
      const client = await session().client(inputs);
      const call = { method: "GET", api: "config", path: "/instance_configuration" } as const;
      const schema = z.object({ defaultOrganizationEmail: z.string() });
      return (await client.call({ ...call, schema }).finally(() => client.close())).defaultOrganizationEmail;
    };
    await installationHandler.create(inputs, session({ stateDir }));
    expect(await email()).toBe("me@example.com");
    const news = { ...inputs, adminEmail: "you@example.com" };
    await installationHandler.update("vol-1", inputs, news, session({ stateDir }));
    expect(await email()).toBe("you@example.com");
  });

  test("doesn't stop at a server that refuses the e-mail address", async () => {
    const { inputs } = await made({ adminEmail: 7 });
    const opened = session({ stateDir: mkdtempSync(join(tmpdir(), "state-")) });
    const said = vi.spyOn(opened, "log");
    await installationHandler.create(inputs, opened);
    expect(said).toHaveBeenCalledWith(expect.stringContaining("e-mail address could not be set"));
  });

  test("of a new Airbyte inherits nothing, and on kept data what is there, also without the journal", async () => {
    const { inputs } = await made();
    const stateDir = mkdtempSync(join(tmpdir(), "state-"));
    await installationHandler.create(inputs, session({ stateDir }));
    expect(intentsOf(stateDir).inheritedUntil()).toBeUndefined();

    const { api } = await session().airbyte(inputs);
    const [workspace] = await api.listWorkspaces();
    await api.createActor("source", {
      name: "users",
      workspaceId: workspace?.workspaceId ?? "",
      definitionId: FAKER,
      configuration: { count: 1 },
    });
    const elsewhere = mkdtempSync(join(tmpdir(), "state-"));
    await installationHandler.create(inputs, session({ stateDir: elsewhere }));
    expect(intentsOf(elsewhere).inheritedUntil()).toBeGreaterThan(Date.now() - 60_000);
  });

  test("on data that an earlier life of the stack left takes over what the journal knows, and creates nothing", async () => {
    const stateDir = mkdtempSync(join(tmpdir(), "state-"));
    const journal = session({ stateDir }).intents({ airbyteUrl: "", declaredAs: "dev/users" });
    const intention = { kind: "source", declaredAs: "dev/users", workspaceId: "w", name: "users", identity: {} };
    await journal.created(await journal.begin(intention, 0), "id-1");
    await journal.confirm("id-1");
    expect(journal.pending("source", "dev/users")).toEqual([]);
    const { inputs } = await made();
    await installationHandler.create(inputs, session({ stateDir }));
    const reopened = session({ stateDir }).intents({ airbyteUrl: "", declaredAs: "dev/users" });
    expect(reopened.pending("source", "dev/users")).toEqual([expect.objectContaining({ id: "id-1" })]);
  });

  const declared = {
    airbyteUrl: "https://x",
    declaredAs: "dev/airbyte",
    data: "vol-1",
    adminEmail: "me@example.com",
    credentials: { api: 1, tls: 1 },
    chart: "2.2.0",
  };
  const check = async (news: object, settings = {}) => {
    const first = await installationHandler.check({}, declared, session());
    return installationHandler.check({ ...first.inputs }, { ...declared, ...news }, session(settings));
  };

  test("is never replaced, and its deletion does nothing", async () => {
    const news = { data: "vol-2", credentials: { api: 2, tls: 2 }, chart: "2.3.0" };
    expect(await installationHandler.diff("vol-1", declared, news, session())).toEqual({ changes: true, replaces: [] });
    await installationHandler.delete("vol-1", declared, session());
  });

  test("refuses another root secret, which its data don't know", async () => {
    expect((await check({}, { rootSecret: `${ROOT}x` })).mistakes).toEqual([
      expect.stringMatching(/^rootSecret is not the one/),
    ]);
    expect((await check({})).mistakes).toEqual([]);
  });

  test("takes new credentials step by step, and no old ones", async () => {
    expect((await check({ credentials: { api: 2, tls: 1 } })).mistakes).toEqual([]);
    expect((await check({ credentials: { api: 3, tls: 1 } })).mistakes).toEqual([
      "credentials.api is 1 and can stay or become 2, not 3: pulumi config set --path credentials.api 2",
    ]);
    expect((await check({ credentials: { api: 0, tls: 2 } })).mistakes).toHaveLength(1);
  });

  test("doesn't go back to an older chart", async () => {
    expect((await check({ chart: "2.1.9" })).mistakes).toEqual([expect.stringContaining("back from 2.2.0 to 2.1.9")]);
    expect((await check({ chart: "2.10.0" })).mistakes).toEqual([]);
  });

  test("holds nothing secret", async () => {
    const { inputs } = await installationHandler.check({}, declared, session());
    expect(JSON.stringify(inputs)).not.toContain(ROOT);
    expect(inputs?.hostKey).toMatch(/^SHA256:/);
  });
});

describe("the server's certificate", () => {
  const declared = { hosts: ["203.0.113.10"], version: 1 };

  test("stays the same until it is due, its hosts change or its version does", async () => {
    const { outs } = await serverCertificateHandler.create(declared, session());
    const diff = (olds: object, news: object) => serverCertificateHandler.diff("", { ...olds }, { ...news }, session());
    expect(await diff(outs, declared)).toEqual({ changes: false, replaces: [] });
    expect(await diff(outs, { ...declared, version: 2 })).toMatchObject({ changes: true });
    expect(await diff(outs, { ...declared, hosts: ["203.0.113.11"] })).toMatchObject({ changes: true });
    expect(await diff({ ...outs, renewAfter: "2026-01-01T00:00:00Z" }, declared)).toMatchObject({ changes: true });
  });

  test("keeps nothing secret in the state", async () => {
    const { outs } = (await serverCertificateHandler.create(declared, session())) as { outs: ServerCertificateOutputs };
    expect(new X509Certificate(outs.certificate).checkIP("203.0.113.10")).toBe("203.0.113.10");
    expect(JSON.stringify(outs)).not.toContain("PRIVATE KEY");
  });
});
