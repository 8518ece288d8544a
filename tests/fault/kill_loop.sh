#!/usr/bin/env bash
# kill -9 under load: tests/fault/kill_loop.sh [--short | CYCLES [SEED]]
#
# --short is what ./check runs: 200 cycles, about a minute. 10,000 cycles take about an hour.
# Needs the release build.
set -euo pipefail
cd "$(dirname "$0")/../.."
cycles=${1:-1000}
[[ $cycles == --short ]] && cycles=200
seed=${2:-$$}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "seed $seed"
build/release/bin/kill-loop build/release/bin/mrvd "$folder" "$cycles" "$seed" ||
  { tail -5 "$folder"/data.log; exit 1; }
