import type { CommonInputs } from "../../lifecycle/handler.ts";
import type { ObjectLife } from "../../lifecycle/object-kind.ts";
import type { Application, ApplicationBody } from "./calls.ts";

export interface ApplicationInputs extends CommonInputs, ApplicationBody {}

export const applicationLife: ObjectLife<ApplicationInputs, Application> = {
  createdAt: ({ createdAt }) => createdAt,
  outputs: { clientId: ({ clientId }) => clientId, clientSecret: ({ clientSecret }) => clientSecret },
};
