const controller = new AbortController();

/** Aborted by Ctrl-C and the like, so that whoever has started a process gets to end it. */
export const interruption = controller.signal;

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(name, () => {
    controller.abort(new Error("Interrupted"));
  });
}
