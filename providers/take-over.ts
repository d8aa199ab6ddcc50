import { UserError } from "../errors/user-error.ts";
import { changedKeys } from "./airbyte/lifecycle/canonical.ts";
import type { Props, ResourceHandler } from "./resource-handler.ts";

/** Set by `npm run adopt` for the one run that computes a state: what exists is taken over as it is. */
export const TAKE_OVER = "AIRBYTE_TAKE_OVER";

/**
 * A handler whose resources are taken over just as they are: a creation looks its object up by `adopt`, demands that it is
 * what is declared, and everything that would write, to Airbyte or anywhere else, is refused.
 */
export function takingOver(name: string, handler: ResourceHandler): ResourceHandler {
  const refuse = (what: string) => () => {
    throw new UserError(
      `This stack has changes that are not applied yet (${name}: ${what}), and nothing but taking over may happen now.`,
      { next: `npm run preview shows them; npm start applies them; then adopt again.` },
    );
  };
  return {
    ...handler,
    // As if the state held it already: nothing that only a new object is asked, such as its source's streams.
    async check(olds, { adopt, ...declared }, session) {
      const before = Object.keys(olds).length > 0 ? olds : declared;
      const { mistakes, inputs } = await handler.check(before, declared, session);
      return inputs === undefined
        ? { mistakes }
        : { mistakes, inputs: { ...inputs, ...(adopt === undefined ? {} : { adopt }) } };
    },
    async create({ adopt, ...declared }, session) {
      if (name === "default-workspace") return handler.create(declared, session); // It is looked up, and never made.
      if (typeof adopt !== "string") return refuse("something new")();
      const found = await handler.read(adopt, declared, session);
      if (!found) throw new UserError(`The ${name} ${adopt} is not there any more.`, { next: `adopt again.` });
      const { changes } = await handler.diff(adopt, { ...found.inputs }, declared, session);
      if (changes) {
        const keys = changedKeys(found.inputs, declared, ["connectorVersion"]).join(", ");
        throw new UserError(`The ${name} ${adopt} has changed meanwhile: ${keys}.`, { next: `adopt again.` });
      }
      return { id: adopt, outs: { ...declared, ...outputsOnly(found.outs, declared) } };
    },
    update: refuse("a change"),
    delete: refuse("a deletion"),
  };
}

function outputsOnly(outs: object, declared: Props): object {
  return Object.fromEntries(Object.entries(outs).filter(([key]) => declared[key] === undefined));
}
