#!/usr/bin/env bash
# Power cuts under load: tests/fault/power_cut.sh [--short | CYCLES [SEED]]
#
# --short is what ./check runs: 60 cycles and the controls, under a minute. Needs the release build.
#
# The controls break one promise each: commits without sync, a disk on which syncing a folder does
# nothing, one on which syncing the signer's memory does nothing. The loop has to find each of them
# out, by a lost entry or by the ledger's refusal to open.
set -euo pipefail
cd "$(dirname "$0")/../.."
cycles=${1:-1000}
[[ $cycles == --short ]] && cycles=60
seed=${2:-$$}
echo "seed $seed"
# Nothing is synced for real, so a folder in memory is as good a disk as any, and faster.
shm=/dev/shm
if [[ -w $shm && $(df --output=avail "$shm" | tail -1) -gt 500000 ]]; then export TMPDIR=$shm; fi
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
program=build/release/bin/power-cut
"$program" "$cycles" "$seed"
for control in --sync-off --folder-syncs-lie --signer-syncs-lie; do
  code=0
  found=$("$program" 200 "$seed" "$control") || code=$?
  if [[ $code != 3 || $found != *FAILED:* ]]; then
    echo "control $control was not found out (exit $code): $found"
    exit 1
  fi
  echo "control $control: $found"
done
