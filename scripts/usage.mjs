/** What `--help` prints, by command. */
const stackOption = `  --stack NAME   the stack to work on (default: $PULUMI_STACK, else the selected one, else dev)
  Everything else goes through to pulumi.`;

export const usage = {
  up: `npm start [-- OPTIONS]: set up what is missing, then create or change everything as declared.

${stackOption}
  --yes          don't ask (on the embedded Airbyte nothing is asked anyway)
  --allow-unprotect NAME  delete this one although the stack's "production: true" or its own "protect: true" forbids it
  --diff         show a preview, field by field (elsewhere there is one without it too)

  npm start
  npm start -- --stack prod --diff`,

  preview: `npm run preview [-- OPTIONS]: show what npm start would change; changes nothing.
Needs a stack, which npm start makes. Before the first npm start it fills missing secrets of the sample pipelines with placeholders.

${stackOption}
  --diff         field by field`,

  refresh: `npm run refresh [-- OPTIONS]: compare with what is really there, and take changes made by hand into the state.

${stackOption}
  --preview-only show the differences only`,

  destroy: `npm run destroy [-- OPTIONS]: remove everything that npm start created. On the targets aws and kubernetes the volumes with
Airbyte's data stay, and are named at the end.

${stackOption}
  --destroy-data on the targets aws and kubernetes: remove the data too
  --allow-unprotect NAME  remove this one although the stack's "production: true" or its own "protect: true" forbids it
  --yes          don't ask`,

  pulumi: `npm run pulumi -- ARGS…: any pulumi command, on the project's stack and with the same set-up.

  npm run pulumi -- config set --secret NAME     asks for the value, or reads it from stdin
  npm run pulumi -- stack output --json
  npm run pulumi -- help                         pulumi's own help
${stackOption}`,

  rows: `npm run rows [-- STREAM]: what has arrived in the destinations of the embedded Airbyte: counts, or the first rows of a stream.

  npm run rows
  npm run rows -- users`,

  open: `npm run open [-- OPTIONS]: print a link to the page of the embedded Airbyte, and open it in a browser where there is one.
The page shows pipelines, settings, jobs and rows, and starts syncs. The link is good once, for five minutes.

  --stack NAME   the stack whose embedded Airbyte it is (default: $PULUMI_STACK, else the selected one, else dev)
  --no-browser   only print the link`,

  graph: `npm run graph [-- --stack NAME]: the pipelines of a stack as a Mermaid flowchart, from its state. With -s npm itself prints nothing.

  --markdown     as a block of Markdown, for a README or a pull request
  --out FILE     into a file
  --stack NAME   the stack (default: $PULUMI_STACK, else the selected one, else dev)

  npm run -s graph -- --out docs/pipelines.mmd`,

  doctor: `npm run doctor [-- --stack NAME]: try this machine, the stack's settings and its Airbyte step by step, and say what to mend.
Changes nothing; starts the embedded Airbyte of a stack that has one. Exit code 1 if something is wrong.`,

  adopt: `npm run adopt [-- OPTIONS]: turn what lives in an Airbyte into a file of pipelines, and take it into the stack's
state, so that the next preview shows no change. Writes nothing to Airbyte. docs/adopt.md tells more.

  --url ADDRESS    the Airbyte, for a stack that has none yet (default: the stack's own)
  --workspace ID   the workspace, by id or name; several times for several, all for all (default: the stack's own, or the only one)
  --also KINDS     permissions,applications too: to delete those can lock people out
  --out FILE       where to (default: the stack's file of pipelines, as long as that declares nothing of one's own)
  --force          replace that file all the same; a copy is kept beside it
  --ask-secrets    \${secret:NAME} for each secret that Airbyte doesn't show, and the commands to set them (default: \${stored}, which
                   keeps the one that Airbyte has)
  --no-state       write the file alone, with the ids in it, by which the next npm start takes everything over
  --from-tfstate FILE  take over what a Terraform state of the provider airbytehq/airbyte holds, with its names and secrets
  --typescript     write resource classes in place of YAML
  --stack NAME     the stack to work on (default: $PULUMI_STACK, else the selected one, else dev)

  npm run adopt -- --url https://airbyte.example.com --workspace Marketing`,

  move: `npm run move -- --to STACK [--stack NAME]: make the pipelines of a stack in the Airbyte of another stack of this project: from a trial
to the real thing. Says beforehand what stands in the way; the first stack is left as it is. docs/move.md tells more.

  --to STACK       the other stack, with a target and settings of its own
  --stack NAME     the stack whose pipelines they are (default: $PULUMI_STACK, else the selected one, else dev)
  --check          say what would be done, and what stands in the way; change nothing
  --with-secrets   carry the secrets over that the pipelines name and the other stack lacks
  --with-state     carry every sync state over, also where the tables may not be the same
  --without-state  carry none over: everything is synced again
  --paused         leave the connections of the other stack paused
  --yes            don't ask

  npm run pulumi -- stack init prod --no-select
  npm run pulumi -- config set target existing --stack prod
  npm run move -- --to prod --check
  npm run move -- --to prod`,

  connect: `npm run connect -- --from STACK --stack NAME: let the stack NAME, which holds pipelines alone, live in the Airbyte of another stack.
Sets target, platform, workspace, certificate authority, client id and secret in its settings; makes the stack if there is none.
Run it again after new credentials.

  npm run connect -- --from platform --stack sales`,

  types: `npm run types [-- OPTIONS]: write TypeScript types of connectors' configurations, with which an editor completes and checks
new Source("x", { connector, configuration }). They come from the specifications that the stack's Airbyte has: of the connectors that
its workspace and the files of the pipelines use, and of those that you name. docs/types.md tells more.

  --connectors LIST  more connectors: postgres,google-sheets; or source-postgres, where only the source is meant
  --all              every connector that this Airbyte has; takes seconds for each
  --out FILE         where to write (default: connectors.d.ts in the project)
  --stack NAME       the stack whose Airbyte is asked (default: $PULUMI_STACK, else the selected one, else dev)

  npm run types -- --connectors postgres,mysql
  npm run types -- --out ../our-infrastructure/connectors.d.ts`,

  package: `npm run package: make the npm package that a Pulumi program of your own imports, dist/airbyte-on-pulumi-VERSION.tgz.
docs/package.md tells how to use it.`,

  comment: `npm run comment -- FILE [--stack NAME]: in GitHub Actions or GitLab CI, put what a preview printed on the pull request, as one
comment for each stack, which the next run updates. docs/ci.md has complete recipes.

  npm run comment -- preview.txt --stack prod`,

  test: `npm test [-- ARGS…]: set up what is missing, then run the tests. ARGS go to vitest.

  npm test -- test/scripts           one folder
  npm test -- -t "stack init"        by name`,

  check: `npm run check: types (tsc), rules (eslint) and format (prettier) of the project, and known holes in its packages (npm audit).`,

  bench: `npm run bench -- PART [OPTIONS]: measure this project; docs/figures.md tells what came of it elsewhere.

  npm run bench -- syncs    rows per second of sample data into DuckDB and PostgreSQL, by the embedded Airbyte and by PyAirbyte alone
  --rows 20000,100000       row counts, even and above 200
  --runs 3                  measured runs of each side, of which the median is told
  --to duckdb,postgres      into which databases; a PostgreSQL of its own is started (Debian: apt install postgresql)
  --alone                   without PyAirbyte: memory with 1000000 rows in half the time
  --json FILE               where all figures go (default: .airbyte/bench/syncs.json)

  npm run bench -- pipelines
                            up, preview, refresh and destroy of 3 to 900 resources in an embedded Airbyte: time, memory, API calls, state
  --pipelines 1,10,100,300  how many sources, destinations and connections, of each as many
  --stacks 1                in how many stacks, of each as many: one after the other, all together
  --mode default            of default,fast,floor,fast-floor,terraform: as it is set up; with fast: true; what Pulumi alone takes for as many resources (alike, but each only waits), in both modes; Terraform, where it is on the PATH (or tofu as TERRAFORM), with Airbyte's official provider
  --latency 5,50            how much longer every API call takes, in milliseconds
  --runs 3                  measured runs, of which the median is told
  --json FILE               where all figures go, calls by kind as well (default: .airbyte/bench/pipelines.json)
  --svg FILE                where a plot of the seconds goes (default: .airbyte/bench/pipelines.svg)`,

  fuzz: `npm run fuzz [-- OPTIONS]: odd and hostile calls for both APIs of an embedded Airbyte of its own, by schemathesis, and texts for its
page, in Chromium where there is one. Fails at a 5xx that is no answer of Airbyte's, at no answer, at a server that ends, at what isn't
JSON, at a stack trace, at lists that are broken afterwards, and at a text that the page runs.

  --seconds 240  the longest that the APIs are called
  --examples 20  calls of each operation, besides those at the edges of its schema; texts for the page, besides those that are known
  --seed NUMBER  of a run before, to have it again

  npm run fuzz -- --seed 4711`,

  schema: `npm run schema [-- --check]: write pipelines.schema.json, with which editors complete and check pipelines.yaml.

  --check        write nothing, and fail where it isn't up to date`,

  docs: `npm run docs [-- --check]: write the references that are made from the code: docs/pipelines.md (from the schema) and docs/resources.md (from
the doc comments).

  --check        write nothing, and fail where one isn't up to date`,

  "lock-connectors": `npm run lock-connectors [-- NAME…]: write embedded/connectors/python/locks, the packages of Airbyte's connectors with their hashes.
Needed after a change of embedded/connectors/published.ts.

  npm run lock-connectors -- source-faker     this one only`,
};

/** One line for each command, with what its help begins with. */
export function overview() {
  const lines = Object.values(usage).map((text) => {
    const [, command, what] = /^(npm (?:run )?[\w-]+).*?: (.+?)(?:[.:;]\s|\.?$|\n\n)/s.exec(text);
    return `  ${command.padEnd(26)}${what.replaceAll("\n", " ")}`;
  });
  return ["The commands of this project; each says more with -- --help:", "", ...lines].join("\n");
}
