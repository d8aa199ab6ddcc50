import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { examine, id, listening, serverThat } from "./doctor.ts";
import { temporaryFolder } from "../modules.ts";

describe("TLS", () => {
  /** A server with a certificate that only itself vouches for. */
  async function tlsServer(skip: (reason: string) => never, name = "IP:127.0.0.1") {
    const folder = temporaryFolder();
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const files = ["-keyout", key, "-out", cert, "-subj", "/CN=test", "-addext", `subjectAltName=${name}`];
    const made = spawnSync("openssl", [...request, ...files]);
    if (made.error) skip("there is no openssl on this machine to make a certificate with");
    const pem = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
    const port = await listening(createServer(pem, (_, response) => response.writeHead(404).end("{}")));
    return { url: `https://127.0.0.1:${port}`, caCertificate: pem.cert };
  }

  test("is refused where no known authority signed the certificate, and asks for caCertificate", async ({ skip }) => {
    const { url } = await tlsServer(skip);
    const { text, failures } = await examine({ url, ...id });
    expect(failures).toEqual(["TLS"]);
    expect(text).toContain("no authority that this machine knows signed it");
    expect(text).toContain("npm run pulumi -- config set caCertificate < ca.pem");
  });

  test("is accepted by the authority in caCertificate", async ({ skip }) => {
    const { text } = await examine({ ...(await tlsServer(skip)), ...id });
    expect(text).toContain("the certificate is good, by caCertificate");
  });

  test("is refused by another authority in caCertificate", async ({ skip }) => {
    const { caCertificate } = await tlsServer(skip);
    const { text, failures } = await examine({ url: (await tlsServer(skip)).url, caCertificate, ...id });
    expect(failures).toEqual(["TLS"]);
    expect(text).toContain("it isn't signed by the authority in caCertificate");
  });

  test("is refused for another host's certificate", async ({ skip }) => {
    const { text, failures } = await examine({ ...(await tlsServer(skip, "DNS:other.example.com")), ...id });
    expect(failures).toEqual(["TLS"]);
    expect(text).toContain("it isn't made for 127.0.0.1");
  });

  test("at a server without TLS names the http address", async () => {
    const url = await serverThat((_, response) => response.end());
    const { text, failures } = await examine({ url: url.replace("http:", "https:"), ...id });
    expect(failures).toEqual(["TLS"]);
    expect(text).toContain(`npm run pulumi -- config set url ${url}`);
  });

  test("spoken by a server that is addressed without it is suspected", async ({ skip }) => {
    const { url } = await tlsServer(skip);
    const { text, failures } = await examine({ url: url.replace("https:", "http:"), ...id });
    expect(failures).toEqual(["reach"]);
    expect(text).toContain(`it may want https: npm run pulumi -- config set url ${url}`);
  });
});
