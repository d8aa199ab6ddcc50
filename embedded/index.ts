/**
 * The one door of the embedded Airbyte for the rest of the project: by it the server of a data folder is started and ended, asked who it is,
 * and told its address and options. It loads no package: the server is a process of its own.
 */
export { readAddress, reserveAddress } from "./address.ts";
export { instanceIdOf } from "./folders.ts";
export { ensureRunning, hasData, moveStopped, remove, stop, type RunningServer } from "./launch.ts";
export { connectorsModes, type GivenOptions as EmbeddedOptions } from "./options.ts";
export { patienceMs, patientProbe, portTaken, probe } from "./probe.ts";
