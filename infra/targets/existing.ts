import * as pulumi from "@pulumi/pulumi";
import type { ExistingSettings } from "../../settings/config.ts";
import type { Target } from "./target.ts";

/** An Airbyte that is there already: Airbyte Cloud, any server whose address and application are known, or that of another stack. */
export function existing({ url: given, platform = "" }: ExistingSettings): Target {
  const url = given ?? addressOf(platform);
  return { airbyte: { url }, outputs: { openUi: pulumi.interpolate`open ${url}` } };
}

/** Where the Airbyte of another stack of this project is; looked up anew in every run. */
function addressOf(platform: string): pulumi.Output<string> {
  const name = platform.includes("/") ? platform : `${pulumi.getOrganization()}/${pulumi.getProject()}/${platform}`;
  return new pulumi.StackReference(name).requireOutput("airbyteUrl") as pulumi.Output<string>;
}
