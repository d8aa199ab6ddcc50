const aliases = { update: "up", pre: "preview", down: "destroy", dn: "destroy" };

/**
 * Takes the stack out of pulumi's arguments (`--stack NAME`, `--stack=NAME`, `-s NAME`; else $PULUMI_STACK, else dev), since it is
 * handed on as PULUMI_STACK, which every command knows. `verb` and `noun` are the first words: `up`, or `stack` and `init`.
 */
export function parsePulumiArgs(given, env) {
  let stack = env.PULUMI_STACK || "dev";
  const args = [];
  const end = given.includes("--") ? given.indexOf("--") : given.length;
  for (let i = 0; i < given.length; i++) {
    const inline = /^(?:--stack|-s)=(.*)$/.exec(given[i]);
    if (i >= end) args.push(given[i]);
    else if (inline) stack = inline[1];
    else if (given[i] === "--stack" || given[i] === "-s") stack = given[++i] ?? stack;
    else args.push(given[i]);
  }
  const [verb, noun] = args.filter((arg) => !arg.startsWith("-"));
  return { stack, args, verb: aliases[verb] ?? verb, noun };
}
