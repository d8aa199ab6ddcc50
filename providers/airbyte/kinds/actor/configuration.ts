import type * as pulumi from "@pulumi/pulumi";

/**
 * The configuration of a source or destination: of the connector's own type where `Known` has one by that name, else
 * whatever its documentation says.
 *
 * @typeParam Known types by the connectors' names: `SourceConfigurations` or `DestinationConfigurations`
 */
export type ConfigurationOf<Known, Connector extends string> = pulumi.Input<
  Connector extends keyof Known ? InputsOf<Known[Connector]> : Record<string, unknown>
>;

/** A type of which any part may be known only later, or be a secret. */
export type InputsOf<T> = T extends readonly (infer Item)[]
  ? pulumi.Input<InputsOf<Item>>[]
  : T extends object
    ? { [Key in keyof T]: pulumi.Input<InputsOf<T[Key]>> | IfOptional<T, Key> }
    : T;

// A key that may be left out may be undefined too, also where a program's tsconfig tells the two apart.
type IfOptional<T, Key extends keyof T> = Record<never, never> extends Pick<T, Key> ? undefined : never;
