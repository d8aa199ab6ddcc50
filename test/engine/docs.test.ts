import { afterAll, describe, expect, test } from "vitest";
import { lookedAtBy, notRun, realConnectors, standIns, supposes } from "../docs/classification.ts";
import { Checkout } from "../docs/checkout.ts";
import { commandLines, pages, type Block } from "../docs/pages.ts";
import { neverPrinted } from "../docs/shown.ts";
import { leftOut, walkthroughs } from "../docs/walkthrough.ts";
import { needsConnector } from "../embedded/connectors/real.ts";

const open: Checkout[] = [];
afterAll(async () => {
  for (const checkout of open) await checkout.close();
});

const followed = pages.filter((page) => walkthroughs(page).length > 0 || leftOut(page).length > 0);

describe.each(followed)("$name", (page) => {
  for (const { what, reason } of leftOut(page)) test(what, (context) => context.skip(reason));
  for (const blocks of walkthroughs(page)) {
    const { section } = blocks[0]!;
    test(`what stands from ${section} on works, in its order`, async (context) => {
      const real = realConnectors.includes(page.name);
      if (real) await needsConnector(context, "source-faker");
      const checkout = new Checkout(real ? undefined : "dev");
      open.push(checkout);
      for (const line of supposes[section] ?? supposes[page.name] ?? []) await checkout.must(line);
      for (const block of blocks) await follow(block, checkout);
    });
  }
});

/** Does what a block says, or looks for what it shows. */
async function follow({ section, language, text, line: at }: Block, checkout: Checkout): Promise<void> {
  if (language === "sh") {
    for (const line of commandLines(text)) if (!(line in notRun)) await checkout.must(filledIn(line));
  } else if (!(section in lookedAtBy)) {
    const [, command] = /^\$ (.*)/.exec(text) ?? [];
    if (command !== undefined) await checkout.type(command); // what it shows may be that it fails
    const printed = checkout.saidSinceAsked();
    expect(neverPrinted(text, printed), `${section}, line ${at}, in:\n${printed}`).toEqual([]);
  }
}

function filledIn(line: string): string {
  return Object.entries(standIns).reduce((text, [gap, value]) => text.replaceAll(gap, value), line);
}
