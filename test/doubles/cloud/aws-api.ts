import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Calls AWS's API, one after the other: `ec2`, `run_instances`, its parameters. */
export type AwsApi = <T = Record<string, unknown>>(
  service: string,
  operation: string,
  parameters?: object,
) => Promise<T>;

/** AWS's API by way of its Python SDK; the address and the credentials are in the environment, as for every program of AWS's. */
export function awsApi(
  python: string,
  region: string,
  env: NodeJS.ProcessEnv = process.env,
): { call: AwsApi; close(): void } {
  const child = spawn(python, [join(import.meta.dirname, "aws-api.py")], { env, stdio: ["pipe", "pipe", "inherit"] });
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(line));
  const call: AwsApi = (service, operation, parameters = {}) =>
    new Promise((resolve, reject) => {
      waiting.push((line) => {
        const { result, error } = JSON.parse(line) as { result: never; error?: string };
        if (error === undefined) resolve(result);
        else reject(new Error(`${service} ${operation}: ${error}`));
      });
      child.stdin.write(`${JSON.stringify({ service, operation, region, parameters })}\n`);
    });
  return { call, close: () => void child.stdin.end() };
}
