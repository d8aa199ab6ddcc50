import type { Application, ApplicationBody } from "./calls.ts";
import type { CommonInputs } from "../../lifecycle/handler.ts";
import { requireText } from "../../lifecycle/inputs.ts";
import type { ObjectKind } from "../../lifecycle/object-kind.ts";

export interface ApplicationInputs extends CommonInputs, ApplicationBody {}

export const application: ObjectKind<ApplicationInputs, Application> = {
  kind: "application",
  calls: (objects) => objects.applications,
  check: (inputs) => requireText(inputs, "name"),
  fixed: ["name"],
  nameOf: ({ name }) => name,
  identity: () => ({}),
  shown: ({ name }) => ({ name }),
  createdAt: ({ createdAt }) => createdAt,
  outputs: { clientId: ({ clientId }) => clientId, clientSecret: ({ clientSecret }) => clientSecret },
  lostByReplacement: "it gets another client id and secret, and the old ones stop working",
};
