import { Project } from "./project.ts";

export const FAKER = "dfd88b22-b603-4c3d-aad7-3701784586b1";
export const POSTGRES = "25c5221d-dce2-4163-ade9-739ef790f503";
export const GOOGLE_SHEETS = "71607ba1-c0ac-4799-8049-7f4b90dd50f7";
export const API = "/api/public/v1";

/** Every secret that the tests use; none may ever be seen in plain text. */
export const SECRETS = { warehousePassword: "pa55-Word-of-the-warehouse", sheetKey: "s3cret-key-of-the-sheet" };

export const PIPELINES = `
sources:
  users:
    definitionId: ${FAKER}
    configuration: { count: 100 }
  orders:
    definitionId: ${GOOGLE_SHEETS}
    configuration:
      spreadsheet_id: https://docs.google.com/spreadsheets/d/abc
      credentials: { auth_type: Service, service_account_info: "\${secret:sheetKey}" }
destinations:
  warehouse:
    definitionId: ${POSTGRES}
    configuration:
      { host: db.example.com, port: 5432, database: d, schema: public, username: airbyte, password: "\${secret:warehousePassword}" }
connections:
  users-to-warehouse:
    source: users
    destination: warehouse
    status: active
    prefix: raw_
    schedule: { cron: "0 0 6 * * ?" }
    streams: [{ name: users, syncMode: incremental_deduped_history }]
  orders-to-warehouse:
    source: orders
    destination: warehouse
`;

/** A project with the sample pipelines and the secrets that they need; nothing is deployed yet. */
export async function sampleProject(pipelines = PIPELINES): Promise<Project> {
  const project = await Project.create({ pipelines });
  for (const [name, value] of Object.entries(SECRETS)) await project.setSecret(name, value);
  return project;
}
