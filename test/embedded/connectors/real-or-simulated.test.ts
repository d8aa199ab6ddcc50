import { expect, test } from "vitest";
import { ConnectorFailure, type RealDestination } from "../../../embedded/connectors/connector.ts";
import { alwaysWritten, Availability, writtenWherePossible } from "../../../embedded/connectors/real-or-simulated.ts";
import { postgresDestination } from "../../../embedded/connectors/stand-ins.ts";
import type { JsonObject } from "../../../embedded/json.ts";
import { postgresConfiguration } from "../start.ts";

const quoting = (configuration: JsonObject) => `no entry with ${configuration.password as string}`;

test.each([
  ["always", alwaysWritten],
  ["where possible", writtenWherePossible],
])(
  "a destination that is written %s says nothing with a secret in it, also where its server quotes one",
  async (_, written) => {
    const real: RealDestination = {
      check: (configuration) =>
        Promise.resolve({ status: "failed", message: quoting(configuration), failureType: "system_error" }),
      rows: ({ configuration }) => Promise.reject(new ConnectorFailure(quoting(configuration), "config_error")),
      write: () => Promise.reject(new Error("not asked")),
    };
    const there = new Availability("pyairbyte", undefined, { install: () => Promise.resolve({ bin: "", python: "" }) });
    const destination = written(postgresDestination, real, there);
    const told = { message: "no entry with **********" };
    expect(await destination.check(postgresConfiguration)).toEqual({
      status: "failed",
      ...told,
      failureType: "system_error",
    });
    const asked = destination.rows!({ configuration: postgresConfiguration, tables: [], limit: 1 });
    await expect(asked).rejects.toMatchObject({ ...told, failureType: "config_error" });
  },
);
