/**
 * The connectors that Airbyte publishes as Python packages and that this server runs for real: the registry. One more
 * is a line here and `npm run lock-connectors`.
 *
 * Definition ids, names and packages are Airbyte's own: every connector's metadata has them. Their specs are not here:
 * each program tells its own.
 */
export interface PublishedConnector {
  /** The API's name of it, `sourceType`; its program is `source-TYPE`. */
  type: string;
  /** For people. */
  name: string;
  definitionId: string;
  /** Its package and version on PyPI. */
  requirement: `${string}==${string}`;
  /** Where the package is too strict or too lax about one of its own dependencies. */
  override?: string;
  /** The Pythons that it runs on, as the package says: from the first, below the second. */
  python: [from: string, below: string];
  /**
   * Nothing can be read without somebody's account. With `connectors: auto` its configuration is checked against the
   * real spec, and the rest is simulated: a first run with made-up credentials goes through, and says so. With
   * `connectors: real` everything is real.
   */
  needsAccount?: boolean;
  /** Streams that a connection without a list of streams selects. */
  suggestedStreams?: string[];
}

// In packages of these versions, smart-open's version was overwritten by the connector's own.
const smartOpen = "smart-open[all]==6.0.0";

// The connector's own pin is a release that fails on Python 3.11; the connector is a manifest, which newer ones run.
const newerCdk = "airbyte-cdk==6.61.6";

// prettier-ignore
export const publishedSources: PublishedConnector[] = [
  { type: "faker", name: "Sample Data", definitionId: "dfd88b22-b603-4c3d-aad7-3701784586b1", requirement: "airbyte-source-faker==7.2.1", python: ["3.10", "3.13"], suggestedStreams: ["users", "products", "purchases"] },
  { type: "file", name: "File", definitionId: "778daa7c-feaf-4db6-96f3-70fd645acc77", requirement: "airbyte-source-file==0.6.0", override: smartOpen, python: ["3.10", "3.12"] },
  { type: "github", name: "GitHub", definitionId: "ef69ef6e-aa7f-4af1-a01d-ef775033524e", requirement: "airbyte-source-github==2.7.1", python: ["3.10", "3.14"], needsAccount: true },
  { type: "google-sheets", name: "Google Sheets", definitionId: "71607ba1-c0ac-4799-8049-7f4b90dd50f7", requirement: "airbyte-source-google-sheets==0.11.0", python: ["3.10", "3.13"], needsAccount: true },
  { type: "hardcoded-records", name: "Hardcoded Records", definitionId: "084124ab-22db-4019-b36d-630418541bf7", requirement: "airbyte-source-hardcoded-records==0.0.48", python: ["3.11", "3.14"] },
  { type: "pokeapi", name: "PokeAPI", definitionId: "6371b14b-bc68-4236-bfbd-468e8df8e968", requirement: "airbyte-source-pokeapi==0.2.15", override: newerCdk, python: ["3.10", "3.12"] },
  { type: "stripe", name: "Stripe", definitionId: "e094cb9a-26de-4645-8761-65c0c425d1de", requirement: "airbyte-source-stripe==5.14.1", python: ["3.10", "3.12"], needsAccount: true },
];

/** Runs any low-code manifest of its own version or an earlier one. The package of the same name stopped at 6.5.2. */
export const manifestRunner = {
  program: "source-declarative-manifest",
  requirement: "airbyte-cdk==7.39.1",
  python: ["3.10", "3.15"],
} as const;

/** Airbyte's own library, which writes into the databases. */
export const pyairbyte = { requirement: "airbyte==0.71.3", python: ["3.10", "3.13"] } as const;

/** `7.2.1` of `airbyte-source-faker==7.2.1`. */
export function pinnedVersion(requirement: PublishedConnector["requirement"]): string {
  return requirement.split("==")[1] ?? "";
}
