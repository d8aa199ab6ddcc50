// The door behind `npm start`, `npm test` and every other `npm run …`: node scripts/run.mjs COMMAND ARGS…
//
// This first file is read by whatever Node the machine has, so it uses nothing that an old one can't parse and loads the rest only
// when the answer can be better than a stack trace.
var major = Number(process.versions.node.split(".")[0]);

if (process.platform === "win32") {
  console.error(
    "Windows is not supported directly: run this in WSL (https://learn.microsoft.com/windows/wsl/install).",
  );
  process.exitCode = 1;
} else if (major < 18) {
  console.error(
    "This is Node " +
      process.versions.node +
      "; set-up needs Node 18 or newer, and Node 24 (https://nodejs.org) is best.",
  );
  process.exitCode = 1;
} else {
  import("./setup/start.mjs").then(function (start) {
    return start.main(process.argv.slice(2));
  });
}
