/** The values that references stand for: the stack's configuration. Every function may throw an Error whose message explains. */
export interface Values {
  /** A secret (an Output, where the values come from Pulumi); undefined where there is none of the name. */
  secret(name: string): unknown;
  /** A plain value; undefined where there is none of the name. */
  config(name: string): string | undefined;
  /** The names there are, for "did you mean". */
  names?(): readonly string[];
}

/** Why `${config:NAME}` gives no value where the stack keeps it as a secret: it would show in messages and in the state. */
export function secretAsPlain(name: string): Error {
  return new Error(`"${name}" is a secret of the stack; use \${secret:${name}}, which keeps it one`);
}
