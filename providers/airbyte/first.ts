import * as pulumi from "@pulumi/pulumi";

const marked = new WeakSet<object>();

/**
 * A value of a configuration for the creation alone: what the connector makes of it afterwards, such as a refresh token that it rotates,
 * stays, and no change of the value or of Airbyte's shows as a difference. An object that replaces another one gets the value again.
 * Works as the whole value of a key in `configuration`, and not within an Output. It is kept as a secret.
 *
 * @example
 * new Source("crm", { airbyte, connector: "hubspot", configuration: { refresh_token: first(config.requireSecret("token")) } });
 */
export function first<T>(value: pulumi.Input<T>): pulumi.Output<T> {
  const output = pulumi.secret(value) as pulumi.Output<T>;
  marked.add(output);
  return output;
}

/** Whether it is such a value. */
export function isFirst(value: unknown): boolean {
  return typeof value === "object" && value !== null && marked.has(value);
}
