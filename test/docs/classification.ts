// How the blocks of the docs are tested. What isn't named here is tested to the full: yaml is loaded, ts is type-checked and run, sh is
// run on the real engine, text is looked for in what those commands printed.

/** Why commands are not run here, by their section or by themselves. Names, options and settings are checked all the same. */
export const notRun: Record<string, string> = {
  "npm test": "it is the run that this test is part of",
  "npm install": "the packages are there already, and shared with the checkout",
  "docs/targets.md#aws": "needs an AWS account",
  "docs/targets.md#docker": "needs Docker",
  "docs/targets.md#kubernetes": "needs a cluster",
  "docs/operations.md#policies": "needs a Pulumi CLI that loads policy packs, which one built from Go modules doesn't",
  "docs/operations.md#a-key-for-the-secrets": "needs a key of AWS KMS",
  "docs/ci.md#a-stack-for-ci": "needs an AWS account",
};

/** Sections whose commands another test runs, which reads them from the page (`commandsOf`). */
export const runElsewhere: Record<string, string> = {
  "docs/targets.md#existing": "test/engine/existing.test.ts",
  "docs/scale.md#many-stacks": "test/engine/three-stacks.test.ts",
  "docs/move.md#from-a-trial-to-the-real-thing": "test/engine/move.test.ts",
  "docs/move.md#two-airbytes-the-same-tables": "test/engine/move.test.ts",
  "docs/adopt.md#from-an-existing-airbyte-to-code": "test/engine/adopt.test.ts",
  "docs/adopt.md#from-terraform": "test/engine/adopt-ways.test.ts",
  "docs/package.md#make-and-install-it": "test/engine/package.test.ts",
  "docs/package.md#credentials": "test/engine/package.test.ts",
  "docs/package.md#from-the-checkout-to-the-package": "test/engine/package.test.ts",
  "docs/package.md#what-to-know": "test/engine/package.test.ts",
};

/** Sections that begin with a checkout in which nothing has been done yet; other sections go on where the one before them ended. */
export const startsAnew: string[] = [
  "docs/operations.md#plain-pulumi",
  "docs/operations.md#on-a-stack-that-npm-start-made",
];

/** What a page, or a section that starts anew, supposes to have been done. */
export const supposes: Record<string, string[]> = {
  "docs/scale.md": ["npm start"],
  "docs/embedded-airbyte.md": ["npm start"],
  // As the page says above what it shows: `dev` is the sample, and `prod` lives in the embedded Airbyte of a third stack.
  "docs/move.md": [
    "npm start",
    "npm run pulumi -- config set --secret warehousePassword",
    "npm run pulumi -- stack init third --no-select",
    "npm run pulumi -- config set --path embedded.connectors simulated --stack third",
    "npm start -- --stack third",
    "npm run connect -- --from third --stack prod",
    "npm run pulumi -- config set --secret googleServiceAccount --stack prod",
  ],
  "docs/types.md": ["npm start", "npm run connect -- --from dev --stack prod", "mkdir our-infrastructure"],
  "docs/operations.md#on-a-stack-that-npm-start-made": ["npm start"],
};

/** Pages for which Airbyte's real connectors run, where the machine has Python: they show rows. */
export const realConnectors: string[] = ["README.md", "docs/move.md"];

/** Where a page leaves out what a reader has to fill in. */
export const standIns: Record<string, string> = {
  "PULUMI_CONFIG_PASSPHRASE=…": "PULUMI_CONFIG_PASSPHRASE=correct-horse-battery-staple",
  "$HOME/team-state": "$PWD/team-state",
  "../our-infrastructure": "our-infrastructure", // inside of the folder that is taken away afterwards
};

/** Blocks of ts that are type-checked only: what they declare is run by the test that is named. */
export const typesOnly: Record<string, string> = {
  ".get(": "looks up by name in a running Airbyte: test/engine/connections.test.ts",
};

/**
 * Sections whose blocks (of ts, yaml, text, or of languages that are not known here) another test looks at, which reads them from the
 * page (`blocksOf`).
 */
export const lookedAtBy: Record<string, string> = {
  "docs/ci.md#what-a-night-with-drift-looks-like": "test/engine/ci.test.ts",
  "docs/package.md#use-it": "test/engine/package.test.ts",
  "docs/package.md#credentials": "test/engine/package.test.ts",
  "docs/package.md#pipelinesyaml": "test/engine/package.test.ts",
  "CONTRIBUTING.md#the-house": "test/house.test.ts",
  "docs/types.md#what-is-checked": "test/scripts/commands/types.test.ts",
};
