import { describeKind } from "../describe.ts";
import { common, fixedName } from "../fields.ts";

export const application = describeKind({
  kind: "application",
  title: "Credentials for programs that use Airbyte's API, by name.",
  about: "Credentials for a program that uses Airbyte's API. Not with simple authentication, which has one for good.",
  fields: {
    name: fixedName(
      "Name shown in Airbyte; a change replaces it, and its credentials. Default: the name of this entry.",
    ),
    ...common,
  },
  adoptedOnRequest: true,
  lostByReplacement: "it gets another client id and secret, and the old ones stop working",
});
