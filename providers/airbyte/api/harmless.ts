/**
 * Keys of connector configurations whose values are known not to be secret. Everything else that is a string is
 * treated as a secret wherever no connector specification says better: in error messages, and in the state.
 */
export const HARMLESS: ReadonlySet<string> = new Set(
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
export function isHarmlessKey(key: string): boolean {
  return HARMLESS.has(key) || HARMLESS.has(key.toLowerCase());
}

/** What keys of secrets are called. */
const SECRET_KEY = /pass|pwd|secret|token|key|credential|private|certificate|signature|cookie|bearer|sas|dsn|connection_?string/i;

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
    if (isHarmlessKey(key)) return passwordsIn(configuration);
    return SECRET_KEY.test(key) || !WORDS.test(configuration) ? [configuration] : [];
  }
  // Shorter numbers are counts and ports, and blanking them would make messages unreadable.
  if (typeof configuration === "number")
    return isHarmlessKey(key) || configuration < 10_000 ? [] : [String(configuration)];
  if (Array.isArray(configuration)) return configuration.flatMap((item) => possibleSecrets(item, key));
  if (typeof configuration !== "object" || configuration === null) return [];
  return Object.entries(configuration).flatMap(([name, value]) => possibleSecrets(value, name));
}

/** `mongodb://user:PASSWORD@host`: an address may hold a password. */
export function passwordsIn(text: string): string[] {
  return [...text.matchAll(/:\/\/[^/\s:@]*:([^@\s]+)@/g)].map((match) => match[1] ?? "");
}
