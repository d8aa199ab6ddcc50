const throughNpm = ["start", "preview", "refresh", "destroy", "pulumi", "doctor", "adopt"];

/** How pulumi is called by whoever reads the message: people who run this through npm may have no `pulumi` on their PATH. */
export function pulumiCommand(args: string): string {
  return throughNpm.includes(process.env.npm_lifecycle_event ?? "") ? `npm run pulumi -- ${args}` : `pulumi ${args}`;
}
