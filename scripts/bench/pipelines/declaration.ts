/** The name of the one secret, which is part of every destination. */
export const secretName = "warehousePassword";

/** A pipelines.yaml with so many sources, destinations and connections; `hour` is when the first connection syncs. */
export function declarationOf(pipelines: number, hour = 3): string {
  const numbers = Array.from({ length: pipelines }, (_, index) => index + 1);
  const each = numbers.map((n) => `{ n: ${n} }`).join(", ");
  const timed = numbers.map((n) => `{ n: ${n}, hour: ${n === 1 ? hour : 3} }`).join(", ");
  return `sources:
  "source-\${each.n}":
    forEach: [${each}]
    connector: faker
    configuration: { count: 1000, seed: "\${each.n}" }
destinations:
  "destination-\${each.n}":
    forEach: [${each}]
    connector: postgres
    configuration:
      host: warehouse.example.com
      port: 5432
      database: "analytics_\${each.n}"
      schema: public
      username: airbyte
      password: "\${secret:${secretName}}"
connections:
  "connection-\${each.n}":
    forEach: [${timed}]
    source: "source-\${each.n}"
    destination: "destination-\${each.n}"
    schedule: { cron: "0 0 \${each.hour} * * ?" }
    streams: [{ name: users, syncMode: incremental_append }, { name: purchases, syncMode: full_refresh_overwrite }]
`;
}
