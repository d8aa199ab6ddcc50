import { Secret, type ResourceValidationArgs, type ResourceValidationPolicy } from "@pulumi/policy";
import { runtime } from "@pulumi/pulumi";
import { openMetadata, openPorts, unencryptedDisks } from "./aws.ts";
import type { Resource } from "./resource.ts";
import { frequentSyncs, sealSecrets } from "./airbyte.ts";

/** Each rule as Pulumi's policy engine wants it; what they find is decided in aws.ts and airbyte.ts. */
export const policies: ResourceValidationPolicy[] = [
  {
    name: "no-open-ports",
    description: "No port of a security group is open to the whole internet.",
    enforcementLevel: "mandatory",
    configSchema: {
      properties: {
        allowPorts: {
          type: "array",
          items: { type: "integer" },
          default: [],
          description: "Ports that may be open to everybody.",
        },
      },
    },
    validateResource: report((resource, { allowPorts }: { allowPorts?: number[] }) => openPorts(resource, allowPorts)),
  },
  {
    name: "encrypted-disks",
    description: "EBS volumes and the disks of instances are encrypted.",
    enforcementLevel: "mandatory",
    validateResource: report(unencryptedDisks),
  },
  {
    name: "imdsv2-required",
    description: "Instances give their metadata to IMDSv2 only.",
    enforcementLevel: "mandatory",
    validateResource: report(openMetadata),
  },
  {
    name: "no-frequent-syncs",
    description: "No connection syncs more often than hourly without being named.",
    enforcementLevel: "mandatory",
    configSchema: {
      properties: {
        allowFrequentSyncs: {
          type: "array",
          items: { type: "string" },
          default: [],
          description: "Names of connections that may sync more often than hourly.",
        },
      },
    },
    validateResource: report((resource, { allowFrequentSyncs }: { allowFrequentSyncs?: string[] }) =>
      frequentSyncs(resource, allowFrequentSyncs),
    ),
  },
  {
    name: "secrets-are-secret",
    description: "Values that look like secrets in a source's or destination's configuration are Pulumi secrets.",
    // A validation gets secrets and plain values alike in plain text, and can't tell them apart. A remediation can; so this policy doesn't
    // complain about a plain secret but makes it one.
    enforcementLevel: "remediate",
    remediateResource: ({ type, props }) =>
      sealSecrets(
        { type, props: withoutProxies(props) },
        {
          isSecret: (value) => value instanceof Secret || value === runtime.unknownValue,
          seal: (value) => new Secret(value),
        },
      )?.props,
  },
];

/** A rule, with the policy's configuration, as a validation. */
function report<C extends object>(rule: (resource: Resource, config: C) => string[]) {
  return (args: ResourceValidationArgs, violation: (message: string) => void) => {
    const resource = { type: args.type, name: args.name, props: args.props as Record<string, unknown> };
    for (const message of rule(resource, args.getConfig<C>())) violation(`${args.name}: ${message}`);
  };
}

/**
 * The inputs as they came, in which a secret is a `Secret`. The SDK hands them out behind two proxies (for unknown values, and for
 * secrets, of which it shows the plain text), each of which gives what is behind it under this name.
 */
function withoutProxies(props: Record<string, unknown>): Record<string, unknown> {
  let inner = props;
  while (inner.__isSpecialProxy === true) inner = inner.__getSpecialProxyTarget as Record<string, unknown>;
  return inner;
}
