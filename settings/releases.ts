/** What is installed, each pinned. */
export interface Releases {
  /** Version of Airbyte's official Helm chart (V2), which names all of Airbyte's images. */
  chart: string;
  k3s: string;
  caddy: string;
}

/**
 * k3s v1.35.5 is the last with Helm 3: the Helm 4 of later ones applies on the server, which is stricter. A tag alone can be moved, so
 * for the container that holds everything the digest counts.
 */
export const defaultReleases: Releases = {
  chart: "2.2.0",
  k3s: "rancher/k3s:v1.35.5-k3s1@sha256:2074403abe1bded11ef3dde09d457e13be8e0b64c218b1c4f8269b4565cfbc65",
  caddy: "caddy:2.10.2-alpine",
};
