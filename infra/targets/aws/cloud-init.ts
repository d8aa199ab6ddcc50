import type { KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import { privatePem, sshPublicKey } from "../../../credentials/credentials.ts";

/** The user of Ubuntu's images. */
export const HOST_USER = "ubuntu";

interface CloudInitSettings {
  /** `vol-0123…`: the disk to wait for. */
  dataVolumeId: string;
  sshHostKey: KeyObject;
  sshUserKey: KeyObject;
}

/**
 * What a new machine does at its first start, as cloud-init's configuration: takes the SSH key that the program knows, then runs one
 * script, whose failure is cloud-init's.
 */
export function cloudConfig({ dataVolumeId, sshHostKey, sshUserKey }: CloudInitSettings): string {
  const script = "/usr/local/sbin/airbyte-host-setup";
  const watch = "/usr/local/sbin/airbyte-gateway-watch";
  const config = {
    // Keys of the image, if any, are nobody's; with ssh_keys none are generated.
    ssh_deletekeys: true,
    ssh_keys: { ecdsa_private: privatePem(sshHostKey), ecdsa_public: `${sshPublicKey(sshHostKey)} airbyte-host` },
    ssh_authorized_keys: [`${sshPublicKey(sshUserKey)} airbyte-on-pulumi`],
    ssh_pwauth: false,
    disable_root: true,
    write_files: [
      file(script, "0755", readScript("host-setup.sh")),
      file(watch, "0755", readScript("gateway-watch.sh")),
      file("/etc/modules-load.d/airbyte.conf", "0644", modules),
      // Docker's provider opens a session for each call.
      file("/etc/ssh/sshd_config.d/60-airbyte.conf", "0644", "MaxStartups 100\nMaxSessions 100\n"),
      file("/etc/systemd/system/docker.service.d/airbyte.conf", "0644", dockerNeedsData),
      file("/etc/docker/daemon.json", "0644", `${JSON.stringify({ "data-root": "/mnt/airbyte/docker" })}\n`),
      file("/etc/systemd/system/airbyte-gateway-watch.service", "0644", watchService(watch)),
      file("/etc/systemd/system/airbyte-gateway-watch.timer", "0644", watchTimer),
    ],
    runcmd: [[script, dataVolumeId, HOST_USER]],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

/** The scripts are files of their own, so that shellcheck reads what the machine runs. */
function readScript(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

function file(path: string, permissions: string, content: string) {
  return { path, permissions, owner: "root:root", content };
}

// k3s's container brings no modules and can't load the host's.
const modules = "br_netfilter\noverlay\nip_tables\niptable_nat\niptable_filter\n";

// Without its disk Docker would begin anew, on the machine's own.
const dockerNeedsData = "[Unit]\nRequiresMountsFor=/mnt/airbyte\n";

function watchService(script: string): string {
  return `[Unit]\nDescription=Joins the gateway to Airbyte's network after a restart\n\n[Service]\nType=oneshot\nExecStart=${script}\n`;
}

const watchTimer = `[Unit]
Description=Looks after the gateway of Airbyte

[Timer]
OnBootSec=30s
OnUnitActiveSec=30s

[Install]
WantedBy=timers.target
`;
