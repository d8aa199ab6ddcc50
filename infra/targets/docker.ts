import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { apiCredentials, fixedCredentials, privatePem, tlsKeys } from "../../credentials/credentials.ts";
import { ServerCertificate } from "../../providers/host/resources.ts";
import type { DockerSettings } from "../../settings/config.ts";
import { airbyteContainers, volumeNames, whatRuns } from "../chart/containers.ts";
import { caddyfile } from "../chart/gateway.ts";
import { manifestFile } from "../chart/manifests.ts";
import { access, openAirbyte, type Target } from "./target.ts";

const LOOPBACK = "127.0.0.1";

const DEFAULT_PORT = 8443;

/** Airbyte in a container of this machine's Docker, reachable from this machine alone. */
export function onDocker(settings: DockerSettings, config = new pulumi.Config()): Target {
  const { adminEmail, credentials, releases } = settings;
  const { port = DEFAULT_PORT, keepData = false } = settings.docker;
  const rootSecret = config.require("rootSecret");
  const api = apiCredentials(rootSecret, credentials.api);
  const fixed = fixedCredentials(rootSecret);
  const name = `airbyte-${pulumi.getStack()}`;
  const url = addressOf(settings);

  const certificate = new ServerCertificate("airbyte", { hosts: [LOOPBACK, "localhost"], version: credentials.tls });
  const volumes: docker.Volume[] = [];
  for (const volume of volumeNames(name)) {
    const options = { retainOnDelete: keepData, dependsOn: volumes.slice(-1) };
    volumes.push(new docker.Volume(volume, { name: volume }, options));
  }
  const containers = airbyteContainers(
    {
      name,
      releases,
      k3sToken: fixed.k3sToken,
      manifests: manifestFile({
        url,
        chart: releases.chart,
        credentials: api,
        credentialVersion: credentials.api,
        databasePassword: fixed.databasePassword,
      }),
      gateway: {
        caddyfile: caddyfile({ mode: "ca", setupKey: api.setupKey, alwaysTls: false }),
        certificate: certificate.certificate,
        key: privatePem(tlsKeys(rootSecret, credentials.tls).server),
      },
      publish: { address: LOOPBACK, https: port },
      host: "this machine",
    },
    { dependsOn: volumes },
  );
  const lookBy = `docker exec ${name} kubectl get pods --namespace airbyte`;
  const data = volumeNames(name)[0] ?? name;
  const airbyte = openAirbyte({
    url,
    ...whatRuns(containers),
    data,
    adminEmail,
    credentials,
    chart: releases.chart,
    minutes: 40,
    lookBy,
  });
  return { airbyte, outputs: { ...access(url, adminEmail, api, certificate.authority), look: lookBy } };
}

/** Where its API will be. */
export function addressOf({ docker: { port = DEFAULT_PORT } }: DockerSettings): string {
  return `https://${LOOPBACK}:${port}`;
}
