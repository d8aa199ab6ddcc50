// What the compiler must say of programs that use the types of connectors.d.ts: every line below a @ts-expect-error is a mistake, all
// else is right. `npm run check` checks it.
import * as pulumi from "@pulumi/pulumi";
import {
  Destination,
  Source,
  type AirbyteHandle,
  type ConfigurationOf,
  type SourceArgs,
  type SourceConfigurations,
} from "../../providers/airbyte/index.ts";

declare const airbyte: AirbyteHandle;
declare const name: string;
const config = new pulumi.Config();

export const typed = [
  new Source("complete", {
    airbyte,
    connector: "web-shop",
    configuration: {
      host: "shop.example.com",
      port: config.requireNumber("port"),
      mode: "changes",
      tables: ["orders", pulumi.output("customers")],
      filters: [{ field: "id" }, pulumi.output({ field: "name" })],
      options: { anything: [1, { goes: true }] },
      headers: { accept: "*" },
      anything: [1, "2"],
      nullable: null,
      address: { city: "Berlin" },
      tree: { left: { left: {} } },
      elsewhere: 1,
      credentials: { auth_type: "Key", key: config.requireSecret("key") },
    },
  }),
  new Source("least", {
    airbyte,
    connector: "web-shop",
    configuration: { host: "h", credentials: { auth_type: "OAuth", client_id: "c", refresh_token: "${stored}" } },
  }),
  new Source("stored-number", {
    airbyte,
    connector: "web-shop",
    configuration: { host: "h", pin: "${stored}", credentials: { auth_type: "Key", key: "k" } },
  }),
  new Source("as-one-output", {
    airbyte,
    connector: "web-shop",
    configuration: pulumi.output({ host: "h", credentials: { auth_type: "Key" as const, key: "k" } }),
  }),
  new Source("outputs-at-every-depth", {
    airbyte,
    connector: "web-shop",
    configuration: {
      host: pulumi.interpolate`${name}.example.com`,
      address: pulumi.output({ city: "Berlin" }),
      credentials: config.requireSecretObject<{ auth_type: "Key"; key: string }>("credentials"),
    },
  }),
  new Source("left-out", {
    airbyte,
    connector: "web-shop",
    configuration: { host: "h", port: undefined, credentials: { auth_type: "Key", key: "k" } },
  }),
  new Source("misspelt", {
    airbyte,
    connector: "web-shop",
    configuration: {
      host: "h",
      // @ts-expect-error -- it is port
      prot: 443,
      credentials: { auth_type: "Key", key: "k" },
    },
  }),
  new Source("misspelt-inside", {
    airbyte,
    connector: "web-shop",
    configuration: {
      host: "h",
      // @ts-expect-error -- it is city
      address: { town: "Berlin" },
      credentials: { auth_type: "Key", key: "k" },
    },
  }),
  new Source("wrong-type", {
    airbyte,
    connector: "web-shop",
    configuration: {
      host: "h",
      // @ts-expect-error -- a number
      port: "443",
      credentials: { auth_type: "Key", key: "k" },
    },
  }),
  new Source("wrong-secret", {
    airbyte,
    connector: "web-shop",
    configuration: {
      host: "h",
      // @ts-expect-error -- a number
      port: config.requireSecret("port"),
      credentials: { auth_type: "Key", key: "k" },
    },
  }),
  new Source("no-such-choice", {
    airbyte,
    connector: "web-shop",
    // @ts-expect-error -- all or changes
    configuration: { host: "h", mode: "some", credentials: { auth_type: "Key", key: "k" } },
  }),
  new Source("settings-of-another-branch", {
    airbyte,
    connector: "web-shop",
    // @ts-expect-error -- OAuth has a client_id
    configuration: { host: "h", credentials: { auth_type: "OAuth", key: "k" } },
  }),
  new Source("branch-not-said", {
    airbyte,
    connector: "web-shop",
    // @ts-expect-error -- auth_type
    configuration: { host: "h", credentials: { key: "k" } },
  }),
  // @ts-expect-error -- credentials
  new Source("incomplete", { airbyte, connector: "web-shop", configuration: { host: "h" } }),

  // A source and a destination of the same name have types of their own.
  new Source("lake", { airbyte, connector: "lake", configuration: { path: "/" } }),
  new Destination("lake", { airbyte, connector: "lake", configuration: { bucket: "b" } }),
  // @ts-expect-error -- the destination's is bucket
  new Destination("other-lake", { airbyte, connector: "lake", configuration: { path: "/" } }),
];

export const untyped = [
  new Source("of-no-types", { airbyte, connector: "unheard-of", configuration: { whatever: [{ is: "right" }] } }),
  new Source("by-definition", { airbyte, definitionId: name, configuration: { prot: 443 } }),
  new Source("known-only-later", { airbyte, connector: name, configuration: { prot: 443 } }),
  new Source("of-an-output", { airbyte, connector: pulumi.output(name), configuration: { prot: 443 } }),
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- it switches the types off
  new Source("on-purpose", { airbyte, connector: "web-shop" as string, configuration: { prot: 443 } }),
  new Destination("of-no-types", { airbyte, connector: "web-shop", configuration: { prot: 443 } }),
];

// Sources of different connectors are sources.
export const sources: Source[] = [
  new Source("one", { airbyte, connector: "lake", configuration: {} }),
  new Source("other", { airbyte, connector: "unheard-of", configuration: {} }),
];

// Configurations and arguments can be made apart from the resource.
export const configuration: ConfigurationOf<SourceConfigurations, "lake"> = { path: config.requireSecret("path") };
export const args: SourceArgs<"lake"> = { airbyte, connector: "lake", configuration };
export const made = new Source("made", args);
