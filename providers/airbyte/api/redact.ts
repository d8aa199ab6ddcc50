import { Quotations } from "../../../specification/quotations.ts";

/**
 * Keys of connector configurations whose values are known not to be secret. Everything else that is a string is
 * treated as a secret wherever no connector specification says better: in error messages, and in the state.
 */
export const NON_SECRET_KEYS: ReadonlySet<string> = new Set(
  `api_url auth_method auth_type auto_detect_schema base_url batch_size bucket bucket_name bucket_path bucket_region
   catalog cdc_deletion_mode cloud_region collection compression compression_codec count cursor_field database
   dataset_id dataset_location dataset_name db_name delimiter destination_path destination_type domain encoding end_date
   endpoint environment file_name_pattern file_type filetype flattening format format_type frequency host hostname
   hosts input_schema instance interval invalid_cdc_cursor_position_behavior loading_method location
   lookback_window method mode namespace num_workers owner page_size part_size path path_prefix period plugin port
   project_id protocol provider publication query raw_data_schema reader_impl region replication_method
   replication_slot repositories repository role s3_bucket_name s3_bucket_path s3_bucket_region s3_path_format schema
   schemas server site sites source_type sourceType destinationType spreadsheet_id ssl_mode start_date storage storage_provider
   stream_name streams sync_checkpoint table table_name tables time_zone timezone topic tunnel_host tunnel_method
   tunnel_port tunnel_user type unit url user username user_name validation_policy version warehouse window workspace`
    .split(/\s+/)
    .filter(Boolean),
);

/** True when a value under this key may be shown. Keys are compared without regard to case. */
export function isNonSecretKey(key: string): boolean {
  return NON_SECRET_KEYS.has(key) || NON_SECRET_KEYS.has(key.toLowerCase());
}

/** What keys of secrets are called. */
const SECRET_KEY =
  /pass|pwd|secret|token|key|credential|private|certificate|signature|cookie|bearer|sas|dsn|connection_?string/i;

/**
 * A word or a few (`loader`, `airbyte-bot`, `Sales Team`): by themselves no secret, and blanking them would make messages unreadable.
 * A passphrase is under a key that says so, or known as a secret by other means.
 */
const WORDS = /^\p{Lu}?\p{Ll}{1,15}([ _.-]\p{Lu}?\p{Ll}{1,15})*$|^\p{Lu}{1,15}([ _.-]\p{Lu}{1,15})*$/u;

/** The strings of a request's body that may be secret: those of the connector's configuration, of mappers, and webhooks. */
export function possibleSecretsOfBody(body: unknown): string[] {
  if (Array.isArray(body)) return body.flatMap(possibleSecretsOfBody);
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) => {
    if (/^(configuration|connectionConfiguration|mapperConfiguration)$/.test(key)) return possibleSecrets(value);
    if (key === "secretId") return possibleSecrets(value, key);
    // Whoever knows the address of a webhook can write to it.
    if (/^(notifications|notificationSettings)$/.test(key)) return addressesIn(value);
    return possibleSecretsOfBody(value);
  });
}

function addressesIn(value: unknown): string[] {
  if (typeof value === "string") return value.includes("://") ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(addressesIn) : [];
}

/** Every string of a configuration that may be secret: what an error message must not quote. */
export function possibleSecrets(configuration: unknown, key = ""): string[] {
  if (typeof configuration === "string") {
    if (isNonSecretKey(key)) return passwordsIn(configuration);
    return SECRET_KEY.test(key) || !WORDS.test(configuration) ? [configuration] : [];
  }
  // Shorter numbers are counts and ports, and blanking them would make messages unreadable.
  if (typeof configuration === "number")
    return isNonSecretKey(key) || configuration < 10_000 ? [] : [String(configuration)];
  if (Array.isArray(configuration)) return configuration.flatMap((item) => possibleSecrets(item, key));
  if (typeof configuration !== "object" || configuration === null) return [];
  return Object.entries(configuration).flatMap(([name, value]) => possibleSecrets(value, name));
}

/** `mongodb://user:PASSWORD@host`: an address may hold a password. */
export function passwordsIn(text: string): string[] {
  return [...text.matchAll(/:\/\/[^/\s:@]*:([^@\s]+)@/g)].map((match) => match[1] ?? "");
}

/** Blanks secret values out of text that a person will read: error messages and log lines. */
export class Redactor {
  readonly #quotations = new Quotations();

  /** Remembers a secret, or every string in a structure of secrets, and each longer line of it. */
  add(secret: unknown): this {
    for (const value of strings(secret)) {
      if (!isRare(value)) continue;
      this.#quotations.add(value);
      for (const line of value.split("\n"))
        if (line.trim().length >= 8 && isRare(line.trim())) this.#quotations.add(line.trim());
    }
    return this;
  }

  /** The text with every remembered secret replaced by `[secret]`, in whatever encoding a server may quote it. */
  text(text: string): string {
    return this.#quotations.blank(text, "[secret]");
  }
}

/**
 * Whether a value is long and rare enough to be a secret: what stands in messages by chance would make them unreadable, and tell the
 * secret by its absence. That is one of 8 characters or more, or of 6 where they aren't all letters; and no word
 * that messages themselves are made of.
 *
 * Where nothing says that a value is a secret but that its key isn't known to be harmless, `possibleSecrets` wants more of it.
 */
export function isRare(value: string): boolean {
  return value.length >= (/^\p{L}+$/u.test(value) ? 8 : 6) && !COMMON.has(value.toLowerCase());
}

// Words of Airbyte, of connectors and of their errors, and what many take for a password (those that are too short anyway left out).
const COMMON = new Set([
  ...NON_SECRET_KEYS,
  ...`administrator application authentication authorization bigquery certificate configuration connection connector credentials
      default_user definition destination development directory document documentation elasticsearch encryption exception incremental
      information internal localhost metadata operation organization password passwords permission postgres postgresql production
      redshift required resource response salesforce schedule snowflake spreadsheet standard transaction undefined verify-ca verify-full
      workspaces 123456 12345678 127.0.0.1 0.0.0.0`.split(/\s+/),
]);

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value, ...insideJson(value)];
  if (Array.isArray(value)) return value.flatMap(strings);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(strings);
  return [];
}

// A service account arrives as one string of JSON, and a server may quote only the private key in it.
function insideJson(text: string): string[] {
  if (!text.trimStart().startsWith("{")) return [];
  try {
    return possibleSecrets(JSON.parse(text));
  } catch {
    return [];
  }
}
