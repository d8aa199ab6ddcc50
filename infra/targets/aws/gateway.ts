import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { privatePem, tlsKeys } from "../../../credentials/credentials.ts";
import { ServerCertificate } from "../../../providers/host/resources.ts";
import type { AwsSettings } from "../../../settings/config.ts";
import type { ContainerSettings } from "../../chart/containers.ts";
import { caddyfile } from "../../chart/gateway.ts";

/** What Airbyte is reached by. */
interface HostName {
  url: pulumi.Output<string>;
  /** Names and addresses for the certificate. */
  hosts: pulumi.Output<string[]>;
  /** The record that makes the name lead to the machine. */
  dependsOn: pulumi.Resource[];
  /** A record that somebody else has to make. */
  needs?: pulumi.Output<string>;
}

/** The machine's fixed address, or a name: with a hosted zone its record is made; else it is the owner's to make, and the run waits for it. */
export function hostName(
  { domain, hostedZoneId }: AwsSettings["tls"],
  address: aws.ec2.Eip,
  options: pulumi.CustomResourceOptions,
): HostName {
  if (domain === undefined) {
    const url = pulumi.interpolate`https://${address.publicIp}`;
    return { url, hosts: address.publicIp.apply((ip) => [ip]), dependsOn: [] };
  }
  const hosts = address.publicIp.apply((ip) => [domain, ip]);
  const url = pulumi.output(`https://${domain}`);
  if (hostedZoneId === undefined) {
    return { url, hosts, dependsOn: [], needs: pulumi.interpolate`the record ${domain} A ${address.publicIp}` };
  }
  const record = new aws.route53.Record(
    "airbyte",
    { zoneId: hostedZoneId, name: domain, type: "A", ttl: 300, records: [address.publicIp] },
    options,
  );
  return { url, hosts, dependsOn: [record] };
}

/** The gateway's files for each way to a certificate, and the authority that clients must trust where it is no public one. */
export function gatewayFor(
  settings: AwsSettings,
  { rootSecret, setupKey }: { rootSecret: string; setupKey: string },
  { hosts }: HostName,
  stack: pulumi.Config,
): ContainerSettings["gateway"] & { authority: pulumi.Input<string> | undefined } {
  const { tls, credentials, tlsCertificate, caCertificate } = settings;
  const common = { setupKey, alwaysTls: true };
  switch (tls.mode) {
    case "ca": {
      const made = new ServerCertificate("airbyte", { hosts, version: credentials.tls });
      const key = privatePem(tlsKeys(rootSecret, credentials.tls).server);
      return {
        caddyfile: caddyfile({ mode: "ca", ...common }),
        certificate: made.certificate,
        key,
        authority: made.authority,
      };
    }
    case "provided": {
      const key = stack.requireSecret("tlsKey");
      const config = caddyfile({ mode: "provided", ...common });
      return { caddyfile: config, certificate: tlsCertificate, key, authority: caCertificate };
    }
    case "acme": {
      const { domain = "", email = "" } = tls;
      return { caddyfile: caddyfile({ mode: "acme", domain, email, ...common }), authority: undefined };
    }
  }
}
