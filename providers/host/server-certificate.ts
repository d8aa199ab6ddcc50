import { tlsKeys } from "../../credentials/credentials.ts";
import { changedKeys } from "../airbyte/lifecycle/canonical.ts";
import type { Session } from "../airbyte/session.ts";
import type { Props, ResourceHandler } from "../resource-handler.ts";

/** What a program declares of its server's certificate. */
export interface ServerCertificateInputs {
  /** DNS names and IP addresses. */
  hosts: string[];
  /** Version of the group `tls` of the credentials. */
  version: number;
}

/** A certificate in PEM form, its authority's, and when it should be renewed. Nothing of it is secret. */
export interface ServerCertificateOutputs extends ServerCertificateInputs {
  certificate: string;
  authority: string;
  /** ISO date: half of its life before its end. */
  renewAfter: string;
}

const HALF_LIFE_MS = 400 * 24 * 60 * 60 * 1000;

/**
 * The certificate of the server, signed by the stack's own authority. It is kept in the state because a signature is random: one made
 * anew at each run would start the gateway anew each time. An `up` in the second half of its life renews it.
 */
export const serverCertificateHandler: ResourceHandler = {
  check: () => ({ mistakes: [] }),
  diff(_id, olds, news) {
    const changed = changedKeys(olds, news, ["certificate", "authority", "renewAfter"]);
    return { changes: changed.length > 0 || isDue(olds), replaces: [] };
  },
  async create(inputs, session) {
    return { id: "server-certificate", outs: await issue(inputs, session) };
  },
  read: (_id, state) => {
    const { hosts, version } = typed(state);
    return Promise.resolve({ inputs: { hosts, version }, outs: state });
  },
  update: (_id, _olds, news, session) => issue(news, session),
  delete: () => Promise.resolve(),
};

async function issue(inputs: Props, session: Session): Promise<ServerCertificateOutputs> {
  const { hosts, version } = typed(inputs);
  // Only here: the library takes a while to load, and most runs make no certificate.
  const { authorityCertificate, serverCertificate } = await import("../../credentials/certificates.ts");
  const keys = tlsKeys(session.root().secret, version);
  const now = new Date();
  return {
    hosts,
    version,
    certificate: await serverCertificate(keys, hosts, now),
    authority: await authorityCertificate(keys),
    renewAfter: new Date(now.getTime() + HALF_LIFE_MS).toISOString(),
  };
}

function isDue(olds: Props): boolean {
  const { renewAfter } = olds as Partial<ServerCertificateOutputs>;
  return renewAfter !== undefined && Date.parse(renewAfter) < Date.now();
}

function typed(props: Props): ServerCertificateInputs {
  return props as unknown as ServerCertificateInputs;
}
