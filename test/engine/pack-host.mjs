// A language plugin that can start policy packs of Node.js and nothing else, for a Pulumi CLI whose own can't: what Pulumi's plugin for
// Node.js does for `--policy-pack`, which is to run Pulumi's own loader and pass on what it prints.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";

const require = createRequire(import.meta.url);
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb.js");
const { RunPluginResponse } = require("@pulumi/pulumi/proto/language_pb.js");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb.js");
const loader = require.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");

function runPlugin(call) {
  const pack = call.request.getInfo().getProgramDirectory();
  const environment = Object.fromEntries(call.request.getEnvList().map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  const child = spawn(process.execPath, [loader, ...call.request.getArgsList(), pack], {
    cwd: call.request.getPwd(),
    env: { ...process.env, ...environment },
  });
  child.stdout.on("data", (chunk) => call.write(new RunPluginResponse().setStdout(chunk)));
  child.stderr.on("data", (chunk) => call.write(new RunPluginResponse().setStderr(chunk)));
  child.on("close", (code) => {
    call.write(new RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => child.kill());
}

const server = new grpc.Server();
server.addService(LanguageRuntimeService, {
  getPluginInfo: (_call, callback) => callback(null, new PluginInfo().setVersion("1.0.0")),
  runPlugin,
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
