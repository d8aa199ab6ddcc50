import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { Agent, request } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { authorityCertificate, serverCertificate, serverKeyPem } from "../../../credentials/certificates.ts";
import { tlsKeys } from "../../../credentials/credentials.ts";
import { SETUP_HEADER } from "../../../credentials/credentials.ts";
import { caddyfile, gatewayFiles } from "../../../infra/chart/gateway.ts";
import { debianProgram } from "../../doubles/debian-program.ts";
import { freePort } from "../../doubles/free-port.ts";

const keys = tlsKeys("q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ", 1);
const acme = {
  setupKey: "KEY",
  alwaysTls: true,
  mode: "acme",
  domain: "airbyte.example.com",
  email: "me@example.com",
} as const;

test("a bare address is served over TLS to a client that trusts the stack's authority, and no plain HTTP is", async (context) => {
  const caddy = await debianProgram("caddy", "usr/bin/caddy");
  if (caddy.missing !== undefined) return context.skip(caddy.missing);
  const backend = createServer((message, response) =>
    response.setHeader("Strict-Transport-Security", "max-age=0").end(`Airbyte at ${message.url}`),
  ).listen(0, "127.0.0.1");
  await once(backend, "listening");
  onTestFinished(() => void backend.close());
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "gateway-"));
  writeFileSync(join(folder, "server.crt"), await serverCertificate(keys, ["127.0.0.1"]));
  writeFileSync(join(folder, "server.key"), serverKeyPem(keys));
  const config = caddyfile({ mode: "ca", setupKey: "KEY", alwaysTls: true })
    .replace(":443", `:${port}`)
    .replaceAll("/etc/caddy", folder)
    .replace("airbyte:30801", `127.0.0.1:${(backend.address() as AddressInfo).port}`);
  writeFileSync(join(folder, "Caddyfile"), config);
  const child = spawn(caddy.path, ["run", "--config", join(folder, "Caddyfile")], {
    env: { HOME: folder },
    stdio: "ignore",
  });
  onTestFinished(() => void child.kill());

  const ca = await authorityCertificate(keys);
  const get = async (url: string, headers = {}) => {
    const { body } = await request(url, { headers, dispatcher: new Agent({ connect: { ca } }) });
    return body.text();
  };
  /** As it stands, without any client that tidies the path up. */
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      const call = https.get({ host: "127.0.0.1", port, ca, path }, (response) => {
        expect(response.headers["strict-transport-security"], path).toBe("max-age=31536000");
        const text: Buffer[] = [];
        response.on("data", (chunk: Buffer) => text.push(chunk));
        response.on("end", () => resolve(`${response.statusCode ?? 0} ${Buffer.concat(text).toString()}`));
      });
      call.on("error", reject);
    });
  let answer = "";
  for (let attempt = 0; answer === "" && attempt < 100; attempt++) {
    answer = await get(`https://127.0.0.1:${port}/api/public/v1/health`).catch(() => "");
    if (answer === "") await delay(100);
  }
  expect(answer).toBe("Airbyte at /api/public/v1/health");
  await expect(get(`http://127.0.0.1:${port}/`)).resolves.toContain("Client sent an HTTP request to an HTTPS server");

  // Airbyte's set-up is open to everybody; behind the gateway it is Pulumi's alone.
  const setup = `https://127.0.0.1:${port}/api/v1/instance_configuration/setup`;
  for (const headers of [{}, { [SETUP_HEADER]: "other" }, { authorization: "Bearer x" }])
    expect(await get(setup, headers)).toBe("The set-up is done by Pulumi");
  const spellings = [
    "/api/v1/instance_configuration/setup/",
    "/api/v1/instance_configuration/setup?x=1",
    "/api/v1/INSTANCE_configuration/SETUP",
    "//api//v1//instance_configuration//setup",
    "/api/v1/%69nstance_configuration/set%75p",
    "/api/v1/instance_configuration%2Fsetup",
    "/api/v1/%2569nstance_configuration/setup", // decoded twice
    "/api/v1/instance%255fconfiguration/set%2575p",
    "/api/v1/instance_configuration;x/setup",
    "/api/v1/instance_configuration;x=1;y/setup;z",
    "/api/v1/instance_configuration/;/setup",
    "/api/v1/instance_configuration/setup;jsessionid=1",
    "/api/v1/instance_configuration/setup%3Bx",
    "/api/v1;x/instance_configuration/setup",
    "/api/v1/instance_configuration/./setup",
    "/api/v1/instance_configuration/x/../setup",
    "/api/v1/instance_configuration/..;/instance_configuration/setup",
    "/api/v1/./x/../instance_configuration/%2e/setup",
    "/api/v1/instance_configuration%0a/setup",
    "/api/v1/instance_configuration\\setup",
    "/api/v1/instance_configuration/setup%20",
    "/api/v1/instance_configuration/setup/x",
    "/instance_configuration/setup",
  ];
  for (const path of spellings) expect(await ask(path), path).toBe("403 The set-up is done by Pulumi");
  // What Airbyte's page asks for before it is told anything, and a name that only sounds alike.
  for (const path of ["/api/v1/instance_configuration", "/api/v1/sources/setup", "/a%20b?setup=%25"])
    expect(await ask(path), path).toBe(`200 Airbyte at ${path}`);
  expect(await get(setup, { [SETUP_HEADER]: "KEY" })).toBe("Airbyte at /api/v1/instance_configuration/setup");
});

test.each([
  ["ca", { mode: "ca", setupKey: "KEY", alwaysTls: true } as const],
  ["acme", acme],
])("Caddy understands the configuration of mode %s, and lets nobody change it", async (mode, settings) => {
  const caddy = await debianProgram("caddy", "usr/bin/caddy");
  if (caddy.missing !== undefined) return expect(caddyfile(settings)).toContain("admin off");
  const folder = mkdtempSync(join(tmpdir(), "gateway-"));
  writeFileSync(join(folder, "server.crt"), await serverCertificate(keys, ["127.0.0.1"]));
  writeFileSync(join(folder, "server.key"), serverKeyPem(keys));
  writeFileSync(join(folder, "Caddyfile"), caddyfile(settings).replaceAll("/etc/caddy", folder));
  const adapted = await promisify(execFile)(
    caddy.path,
    ["adapt", "--validate", "--config", join(folder, "Caddyfile")],
    {
      env: { HOME: folder },
    },
  );
  const { admin, apps } = JSON.parse(adapted.stdout) as {
    admin: { disabled: boolean };
    apps: { http: { servers: Record<string, { listen: string[]; automatic_https?: object }> }; tls: object };
  };
  expect(admin.disabled).toBe(true);
  const servers = Object.values(apps.http.servers);
  expect(servers.map(({ listen }) => listen)).toEqual([[":443"]]);
  expect(servers[0]?.automatic_https).toEqual(mode === "acme" ? { disable_redirects: true } : { disable: true });
  expect(JSON.stringify(apps.tls).includes("me@example.com")).toBe(mode === "acme");
});

test("the files that the configuration names are those that the container gets", () => {
  expect(caddyfile({ mode: "provided", setupKey: "KEY", alwaysTls: true })).toContain(
    `tls ${gatewayFiles.certificate} ${gatewayFiles.key}`,
  );
  expect(caddyfile(acme)).not.toContain("tls ");
});

test("this machine's own name is not bound to https: other servers listen at it", () => {
  expect(caddyfile({ mode: "ca", setupKey: "KEY", alwaysTls: false })).not.toContain("Strict-Transport-Security");
});
