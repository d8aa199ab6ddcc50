#!/bin/bash
# The gateway's container has no network of its own but that of k3s's container. When that one starts anew (after a restart of the
# machine, or a crash), the gateway must start after it, and Docker doesn't see to that.
set -euo pipefail

started() { docker inspect --format '{{if .State.Running}}{{.State.StartedAt}}{{end}}' "$1" 2>/dev/null || true; }

node=$(started airbyte)
gateway=$(started airbyte-gateway)

# Nothing to join yet, or no gateway that was ever made.
[[ -n $node ]] || exit 0
docker inspect airbyte-gateway >/dev/null 2>&1 || exit 0

if [[ -z $gateway || $(date --date "$gateway" +%s) -lt $(date --date "$node" +%s) ]]; then
  docker restart airbyte-gateway
fi
