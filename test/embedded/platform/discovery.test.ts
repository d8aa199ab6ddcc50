import { expect, onTestFinished, test, vi } from "vitest";
import { ConnectorFailure, type Connector } from "../../../embedded/connectors/connector.ts";
import { permissiveConnector } from "../../../embedded/connectors/simulated.ts";
import { Faults } from "../../../embedded/faults.ts";
import { Discovery } from "../../../embedded/platform/platform.ts";

type Source = Parameters<Discovery["catalogOf"]>[0];

const identity = { definitionId: "d", name: "People", type: "", dockerRepository: "", version: "7.39.1" };
const source = { id: "s", configuration: { token: "t" } } as unknown as Source;

function failing() {
  const discover = vi.fn<Connector["discover"]>(() => Promise.reject(new ConnectorFailure("no such field")));
  const connector: Connector = { ...permissiveConnector({ ...identity, kind: "source" }), discover, revision: 1 };
  return { discover, connector, discovery: new Discovery(new Faults(1)) };
}

test("a discovery that failed is tried once for a look at the streams and the connection that follows", async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { discover, connector, discovery } = failing();
  const message = expect.stringContaining("no such field") as string;
  for (let n = 0; n < 2; n++) await expect(discovery.catalogOf(source, connector)).rejects.toMatchObject({ message });
  expect(discover).toHaveBeenCalledTimes(1);
  // Whoever asks anew is answered anew, and so is whoever comes later.
  await expect(discovery.catalogOf(source, connector, { ignoreCache: true })).rejects.toMatchObject({ message });
  expect(discover).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(10_000);
  await expect(discovery.catalogOf(source, connector)).rejects.toMatchObject({ message });
  expect(discover).toHaveBeenCalledTimes(3);
});

test("a changed configuration or manifest is looked at anew, whatever came before", async () => {
  const { discover, connector, discovery } = failing();
  await expect(discovery.catalogOf(source, connector)).rejects.toThrow();
  discover.mockResolvedValue({ streams: [] });
  expect(await discovery.catalogOf(source, { ...connector, revision: 2 })).toEqual({ streams: [] });
  expect(await discovery.catalogOf({ ...source, configuration: {} }, connector)).toEqual({ streams: [] });
  expect(await discovery.catalogOf(source, { ...connector, revision: 3 })).toEqual({ streams: [] });
  expect(discover).toHaveBeenCalledTimes(4);
});
