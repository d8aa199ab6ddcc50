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
  "docs/move.md#from-a-trial-to-the-real-thing": "needs an Airbyte of one's own",
  "docs/move.md#what-it-says-beforehand": "needs the Airbyte of another stack",
  "docs/move.md#two-airbytes-the-same-tables": "needs an Airbyte of one's own",
  "docs/ci.md#a-stack-for-ci": "needs an AWS account",
};

/** Sections whose commands another test runs, which reads them from the page (`commandsOf`). */
export const runElsewhere: Record<string, string> = {
  "docs/targets.md#existing": "test/engine/existing.test.ts",
  "docs/scale.md#many-stacks": "test/engine/three-stacks.test.ts",
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
  "docs/move.md": ["npm start"],
  "docs/operations.md#on-a-stack-that-npm-start-made": ["npm start"],
};

/** Pages for which Airbyte's real connectors run, where the machine has Python: they show rows. */
export const realConnectors: string[] = ["README.md"];

/** Where a page leaves out what a reader has to fill in. */
export const standIns: Record<string, string> = {
  "PULUMI_CONFIG_PASSPHRASE=…": "PULUMI_CONFIG_PASSPHRASE=correct-horse-battery-staple",
  "$HOME/team-state": "$PWD/team-state",
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
};
