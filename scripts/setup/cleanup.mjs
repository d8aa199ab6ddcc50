// Things that must not stay behind when set-up is interrupted: locks, half-made folders, running children.

const undo = new Set();

/** Runs `action` if the process ends before the returned function is called, Ctrl-C included. */
export function onExit(action) {
  if (undo.size === 0) {
    process.on("exit", undoAll);
    process.on("SIGINT", interrupted);
    process.on("SIGTERM", terminated);
  }
  undo.add(action);
  return () => {
    undo.delete(action);
    if (undo.size > 0) return;
    process.off("exit", undoAll);
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", terminated);
  };
}

function undoAll() {
  for (const action of undo) action();
}

function interrupted() {
  console.error("\nInterrupted. Run the same command again to go on with the set-up.");
  process.exit(130);
}

function terminated() {
  process.exit(143);
}
