const controller = new AbortController();

/** Aborted by Ctrl-C and the like, so that whoever has started a process gets to end it. */
export const interruption = controller.signal;

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  // Later ones too: a process group and a parent that passes signals on make two of one, and the second would end us uncleaned.
  process.on(name, () => {
    controller.abort(new Error("Interrupted"));
  });
}
