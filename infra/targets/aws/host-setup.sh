#!/bin/bash
# Makes this machine a host for Airbyte: mounts the data volume, installs Docker with its data on it.
# Usage: airbyte-host-setup VOLUME-ID USER. Run once, by cloud-init; running it again does no harm.
set -euo pipefail

volume_id=$1
user=$2
mount_point=/mnt/airbyte
docker_version='5:28.*'
docker_key=9DC858229FC7DD38854AE2D88D81803C0EBFCD88

say() { echo "airbyte-host-setup: $*"; }

fail() {
  say "$*"
  exit 1
}

# NVMe disks have the volume's id as their serial number; the other names are those of older machines.
find_device() {
  local candidate
  for candidate in "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volume_id/-/}" /dev/xvdf /dev/sdf; do
    if [[ -b $candidate ]]; then
      readlink -f "$candidate"
      return
    fi
  done
  return 1
}

# The volume is attached after the machine has started.
wait_for_device() {
  local waited
  for ((waited = 0; waited < 900; waited += 5)); do
    if find_device; then return; fi
    sleep 5
  done
  return 1
}

# Only a disk that is known to be empty is formatted. blkid: 0 there is something, 2 there is nothing, else it can't tell.
format_if_empty() {
  local device=$1 found=0
  blkid --probe "$device" >/dev/null || found=$?
  case $found in
    0) say "$device has data already, and keeps them" ;;
    2)
      [[ -z $(wipefs --no-act "$device") ]] || fail "$device has an unknown signature; it is not formatted"
      say "formatting $device, which is empty"
      mkfs.ext4 -q -L airbyte-data "$device"
      ;;
    *) fail "can't tell what is on $device (blkid: $found); it is not formatted" ;;
  esac
}

mount_data() {
  local device=$1 uuid
  uuid=$(blkid --match-tag UUID --output value "$device")
  mkdir -p "$mount_point"
  if ! grep -q "UUID=$uuid " /etc/fstab; then
    echo "UUID=$uuid $mount_point ext4 defaults,nofail,x-systemd.device-timeout=300 0 2" >>/etc/fstab
  fi
  systemctl daemon-reload
  mountpoint -q "$mount_point" || mount "$mount_point"
  # A volume that was made larger.
  resize2fs "$device" || true
}

# apt trusts every key of a keyring: what came must be this key alone, and only what GnuPG has read of it is handed on.
take_key() {
  local file=$1 fingerprint=$2 keyring=$3 home found
  home=$(mktemp -d)
  gpg --homedir "$home" --no-autostart --batch --quiet --import "$file" 2>/dev/null || true
  found=$(gpg --homedir "$home" --no-autostart --batch --with-colons --list-keys | awk -F: '$1 == "pub" { own = 1 } $1 == "fpr" && own { print $10; own = 0 }')
  [[ $found == "$fingerprint" ]] || fail "the key of Docker's packages is not Docker's, or not alone"
  gpg --homedir "$home" --no-autostart --batch --export "$fingerprint" >"$keyring"
  chmod 0644 "$keyring"
  rm -rf "$home"
}

install_docker() {
  local keyring=/etc/apt/keyrings/docker.gpg codename key
  install -d -m 0755 /etc/apt/keyrings
  key=$(mktemp)
  curl --fail --silent --show-error --retry 5 https://download.docker.com/linux/ubuntu/gpg --output "$key"
  take_key "$key" "$docker_key" "$keyring"
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  echo "deb [arch=$(dpkg --print-architecture) signed-by=$keyring] https://download.docker.com/linux/ubuntu $codename stable" \
    >/etc/apt/sources.list.d/docker.list
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold \
    "docker-ce=$docker_version" "docker-ce-cli=$docker_version" containerd.io
  # A new major version comes by a change of this file, not by night.
  apt-mark hold docker-ce docker-ce-cli containerd.io
  usermod --append --groups docker "$user"
  systemctl enable --now docker
}

device=$(wait_for_device) || fail "the data volume $volume_id did not appear within 15 minutes"
format_if_empty "$device"
mount_data "$device"
systemctl restart systemd-modules-load || true
# Started by its socket, it reads its configuration then.
systemctl try-reload-or-restart ssh || true
install_docker
systemctl enable --now airbyte-gateway-watch.timer
say "done: Docker $(docker version --format '{{.Server.Version}}') with its data on $device"
