import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Releases } from "../../settings/own-airbyte.ts";
import { gatewayFiles } from "./gateway.ts";

/** Both containers of an Airbyte: k3s with Airbyte in it, and the gateway before it. */
interface AirbyteContainers {
  node: docker.Container;
  gateway: docker.Container;
}

export interface ContainerSettings {
  /** Name of k3s's container and beginning of all other names. */
  name: string;
  releases: Pick<Releases, "k3s" | "caddy">;
  k3sToken: string;
  /** What k3s applies: Airbyte's chart and what it needs. */
  manifests: pulumi.Input<string>;
  /** Caddy's configuration, and the certificate and key that it names. */
  gateway: {
    caddyfile: string;
    certificate?: pulumi.Input<string> | undefined;
    key?: pulumi.Input<string> | undefined;
  };
  /** Where the engine's host publishes the gateway. */
  publish: { address: string; https: number; http?: number | undefined };
  /** The machine. Another one has none of these containers, whatever the state says, so they are replaced with it. */
  host: pulumi.Input<string>;
}

/**
 * What must outlive k3s's container, by volume: k3s's database, Airbyte's data and the images; the node's password, without which the
 * node is refused as an impostor; and what the kubelet knows of its pods.
 */
const nodeVolumes = { k3s: "/var/lib/rancher/k3s", etc: "/etc/rancher", kubelet: "/var/lib/kubelet" };

/** The gateway's: certificates of Let's Encrypt, of which there are only so many a week. */
const gatewayVolumes = { caddy: "/data" };

/** Names of all volumes of an Airbyte of this name. */
export function volumeNames(name: string): string[] {
  return Object.keys({ ...nodeVolumes, ...gatewayVolumes }).map((volume) => `${name}-${volume}`);
}

/** The containers, one after the other: many sessions at once are refused by the SSH server of the machine. */
export function airbyteContainers(
  settings: ContainerSettings,
  options: pulumi.CustomResourceOptions,
): AirbyteContainers {
  const node = new docker.Container("airbyte-node", nodeContainer(settings), { ...options, deleteBeforeReplace: true });
  const gateway = new docker.Container("airbyte-gateway", gatewayContainer(settings, node.id), {
    ...options,
    deleteBeforeReplace: true,
    dependsOn: [options.dependsOn ?? [], node].flat() as pulumi.Resource[],
  });
  return { node, gateway };
}

/** Both as what an Airbyte runs in: another container is another start of it. */
export function whatRuns({ node, gateway }: AirbyteContainers) {
  return { parts: [node, gateway], startedBy: [node.id, gateway.id] };
}

/** k3s as k3s's own compose file runs it. No `init`: k3s must be process 1 to arrange its control groups. */
function nodeContainer(settings: ContainerSettings): docker.ContainerArgs {
  const { name, releases, publish } = settings;
  const unseen = {
    tmpfs: { "/run": "", "/var/run": "" },
    healthcheck: {
      tests: ["CMD", "kubectl", "get", "--raw=/readyz"],
      interval: "15s",
      timeout: "10s",
      retries: 4,
      startPeriod: "2m0s",
    },
  };
  return {
    name,
    image: releases.k3s,
    // Airbyte's volumes are bound to the node of this name.
    hostname: "airbyte",
    command: [
      "server",
      "--disable=traefik,servicelb,metrics-server",
      "--node-name=airbyte",
      "--token-file=/etc/airbyte/k3s-token",
      "--write-kubeconfig-mode=600",
    ],
    privileged: true,
    ...always(name, nodeVolumes),
    ulimits: ["nproc", "nofile"].map((limit) => ({ name: limit, soft: 65535, hard: 65535 })),
    ports: published(publish),
    uploads: [
      upload("/etc/airbyte/k3s-token", settings.k3sToken),
      upload("/var/lib/rancher/k3s/server/manifests/airbyte.yaml", settings.manifests),
    ],
    ...unseen,
    labels: labels(settings.host, unseen),
    stopTimeout: 60,
    destroyGraceSeconds: 60,
    wait: true,
    waitTimeout: 300,
  };
}

/** Caddy in the network of k3s's container: it reaches Airbyte and no address of the host's, such as the machine's metadata. */
function gatewayContainer(settings: ContainerSettings, node: pulumi.Output<string>): docker.ContainerArgs {
  const { name, releases, gateway } = settings;
  const { certificate, key } = gateway;
  return {
    name: `${name}-gateway`,
    image: releases.caddy,
    networkMode: pulumi.interpolate`container:${node}`,
    ...always(name, gatewayVolumes),
    uploads: [
      upload(gatewayFiles.config, gateway.caddyfile),
      ...(certificate === undefined ? [] : [{ file: gatewayFiles.certificate, content: certificate }]),
      ...(key === undefined ? [] : [upload(gatewayFiles.key, key)]),
    ],
    labels: labels(settings.host, {}),
  };
}

function always(name: string, volumes: Record<string, string>) {
  return {
    restart: "unless-stopped",
    mustRun: true,
    logDriver: "json-file",
    logOpts: { "max-size": "20m", "max-file": "3" },
    volumes: Object.entries(volumes).map(([volume, containerPath]) => ({
      volumeName: `${name}-${volume}`,
      containerPath,
    })),
  };
}

/**
 * A changed label replaces the container, which a changed machine does not (its address stays the same), nor a changed health check or
 * tmpfs (the provider shows the difference and does nothing).
 */
function labels(host: pulumi.Input<string>, unseen: object): docker.types.input.ContainerLabel[] {
  const hash = createHash("sha256").update(JSON.stringify(unseen)).digest("hex").slice(0, 12);
  return [
    { label: "airbyte-on-pulumi.host", value: host },
    { label: "airbyte-on-pulumi.settings", value: hash },
  ];
}

/** A file that nobody else reads. Its content stands in the state, encrypted. */
function upload(file: string, content: pulumi.Input<string>): docker.types.input.ContainerUpload {
  return { file, content: pulumi.secret(content), permissions: "0600" };
}

function published({ address, https, http }: ContainerSettings["publish"]): docker.types.input.ContainerPort[] {
  const port = (internal: number, external: number) => ({ internal, external, ip: address, protocol: "tcp" });
  return [port(443, https), ...(http === undefined ? [] : [port(80, http)])];
}
