import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { apiCredentials, fixedCredentials, sshOptions, writeSshFiles } from "../../../credentials/credentials.ts";
import { DockerHost } from "../../../providers/host/resources.ts";
import type { AwsSettings } from "../../../settings/config.ts";
import { airbyteContainers, whatRuns } from "../../chart/containers.ts";
import { manifestFile } from "../../chart/manifests.ts";
import { access, openAirbyte, type Target } from "../target.ts";
import { cloudConfig, HOST_USER } from "./cloud-init.ts";
import { gatewayFor, hostName } from "./gateway.ts";
import {
  backupTag,
  dailySnapshots,
  dataVolume,
  firewall,
  host as machine,
  ownNetwork,
  snapshotBefore,
  zoneFor,
  type Host,
} from "./host.ts";

/** Airbyte on an EC2 instance: network, address, disk, machine, then Docker over SSH and Airbyte's containers in it. */
export function onAws(settings: AwsSettings, config = new pulumi.Config()): Target {
  const { adminEmail, credentials, releases, stateDir, tls } = settings;
  const rootSecret = config.require("rootSecret");
  const fixed = fixedCredentials(rootSecret);
  const name = `airbyte-${pulumi.getStack()}`;
  const provider = cloud(settings, name);
  const options = { provider };

  const address = new aws.ec2.Eip("airbyte", { domain: "vpc", tags: { Name: name } }, options);
  const served = hostName(tls, address, options);
  const volume = disk(settings, name, provider);
  const host = computer(settings, name, { address, volume, fixed, provider });

  writeSshFiles(stateDir, fixed);
  const proxyCommand = throughSsm(settings, host.instance.id);
  const dockerHost = new DockerHost(
    "airbyte",
    {
      instanceId: host.instance.id,
      address: address.publicIp,
      user: HOST_USER,
      stateDir,
      proxyCommand,
      minutes: settings.aws.readyMinutes,
    },
    { dependsOn: [host.attachment, host.association] },
  );
  const engine = new docker.Provider("airbyte", {
    host: dockerHost.host,
    sshOpts: pulumi.output(proxyCommand).apply((command) => sshOptions(stateDir, command)),
  });

  const release = `${releases.chart}-${/:([^@]+)/.exec(releases.k3s)?.[1] ?? "k3s"}`;
  const snapshot = snapshotBefore(release, volume, name, options);
  const api = apiCredentials(rootSecret, credentials.api);
  const gateway = gatewayFor(settings, { rootSecret, setupKey: api.setupKey }, served, config);
  const manifests = served.url.apply((url) =>
    manifestFile({
      url,
      chart: releases.chart,
      credentials: api,
      credentialVersion: credentials.api,
      databasePassword: fixed.databasePassword,
    }),
  );
  const containers = airbyteContainers(
    {
      name: "airbyte",
      releases,
      k3sToken: fixed.k3sToken,
      manifests,
      gateway,
      publish: { address: "0.0.0.0", https: 443, http: tls.mode === "acme" ? 80 : undefined },
      host: host.instance.id,
    },
    // The machine takes its containers along: Docker is not asked about them when it is gone.
    { provider: engine, deletedWith: host.instance, dependsOn: [snapshot, ...served.dependsOn] },
  );
  const ssh = pulumi
    .all([proxyCommand, address.publicIp])
    .apply(([command, ip]) => ["ssh", ...sshOptions(stateDir, command).map(quoted), `${HOST_USER}@${ip}`].join(" "));
  const lookBy = pulumi.interpolate`${ssh} docker exec airbyte kubectl get pods --namespace airbyte`;
  const minutes = settings.aws.readyMinutes;
  const airbyte = openAirbyte({
    url: served.url,
    ...whatRuns(containers),
    data: volume.id,
    adminEmail,
    credentials,
    chart: releases.chart,
    minutes,
    lookBy,
    needs: served.needs,
  });
  return {
    airbyte,
    outputs: {
      ...access(served.url, adminEmail, api, gateway.authority),
      ssh,
      ssm: pulumi.interpolate`aws ssm start-session --region ${settings.aws.region} --target ${host.instance.id}`,
      instanceId: host.instance.id,
      dataVolumeId: volume.id,
    },
  };
}

function cloud({ aws: { region, tags } }: AwsSettings, name: string): aws.Provider {
  const all = { "airbyte-on-pulumi:stack": name, ...tags };
  return new aws.Provider("aws", { region: region as aws.Region, defaultTags: { tags: all } });
}

/** The disk for the data, with its snapshots. `npm run destroy -- --destroy-data` gives it up by this variable. */
function disk({ aws: settings }: AwsSettings, name: string, provider: aws.Provider): aws.ebs.Volume {
  const keep = process.env.AIRBYTE_DESTROY_DATA !== "true";
  const availabilityZone = zoneFor(settings, { provider });
  const wanted = { availabilityZone, size: settings.dataVolumeGb, backupTag: backupTag(name) };
  dailySnapshots(name, settings.snapshotDays, { provider });
  return dataVolume(name, wanted, keep, { provider });
}

interface Parts {
  address: aws.ec2.Eip;
  volume: aws.ebs.Volume;
  fixed: ReturnType<typeof fixedCredentials>;
  provider: aws.Provider;
}

function computer(settings: AwsSettings, name: string, { address, volume, fixed, provider }: Parts): Host {
  const { vpcId, subnetId, allowedCidrs, connect, instanceType, rootVolumeGb } = settings.aws;
  const given = vpcId !== undefined && subnetId !== undefined;
  const network = given ? { vpcId, subnetId, route: [] } : ownNetwork(name, volume.availabilityZone, { provider });
  const openings = { allowedCidrs, ssh: connect === "ssh", acme: settings.tls.mode === "acme" };
  const securityGroup = firewall(name, network.vpcId, openings, { provider });
  const userData = volume.id.apply((dataVolumeId) => cloudConfig({ dataVolumeId, ...fixed }));
  const wanted = { name, instanceType, rootVolumeGb, network, securityGroup, dataVolume: volume, address, userData };
  return machine(wanted, { provider });
}

/** SSM carries the SSH session, so that port 22 stays shut. Needs AWS's CLI and its Session Manager plugin on this machine. */
function throughSsm({ aws: { connect, region } }: AwsSettings, instanceId: pulumi.Output<string>) {
  if (connect !== "ssm") return undefined;
  const session = "--document-name AWS-StartSSHSession --parameters portNumber=%p";
  return pulumi.interpolate`aws ssm start-session --region ${region} --target ${instanceId} ${session}`;
}

function quoted(word: string): string {
  return word.includes(" ") ? `'${word}'` : word;
}
