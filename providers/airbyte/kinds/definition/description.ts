import type { ActorKind } from "../../api/words.ts";
import { describeKind } from "../describe.ts";
import { common, name, onePlace, place, text } from "../fields.ts";
import { imageName, imageTag } from "./images.ts";

/** Connectors of one's own as Docker images: those of sources and of destinations differ in the name alone. */
function definition<const A extends ActorKind>(actor: A, title: string) {
  return describeKind({
    kind: `${actor}-definition` as const,
    title,
    about: "A connector of one's own, as a Docker image. Self-managed Airbyte only.",
    fields: {
      name,
      dockerRepository: {
        schema: imageName.describe(
          "The Docker image without its tag. A change replaces the connector and all made with it.",
        ),
        replaceOnChange: true,
      },
      dockerImageTag: { schema: imageTag.describe("The version to run.") },
      documentationUrl: {
        schema: text.optional().describe("Where people read how to set it up. It can't be changed."),
        createOnly: true, // the address of a page isn't worth the connections that a replacement takes along
      },
      ...place,
      ...common,
    },
    exclusive: [onePlace],
    protectedInProduction: true,
    lostByReplacement: `its ${actor}s are replaced too, and their connections lose their sync state`,
  });
}

export const sourceDefinition = definition("source", "Source connectors of one's own as Docker images, by name.");
export const destinationDefinition = definition(
  "destination",
  "Destination connectors of one's own as Docker images, by name.",
);
