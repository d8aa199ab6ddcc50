import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, vi } from "vitest";
import { serverCertificate, serverKeyPem } from "../../credentials/certificates.ts";
import { tlsKeys } from "../../credentials/credentials.ts";
import { ROOT } from "../infra/targets/mocked.ts";

const keys = tlsKeys(ROOT, 1);
const own = { certificate: "", key: serverKeyPem(keys) };

/** A certificate of airbyte.example.com with its key, there once tests run, on a machine with credentials for AWS; settings are cleared after them. */
export function withOwnCertificate(): Readonly<typeof own> {
  beforeAll(async () => {
    vi.stubEnv("AWS_PROFILE", "test");
    own.certificate = await serverCertificate(keys, ["airbyte.example.com"]);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    pulumi.runtime.setAllConfig({});
  });
  return own;
}
