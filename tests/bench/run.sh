#!/usr/bin/env bash
# All benchmarks: tests/bench/run.sh [--short]
#
# --short is what ./check runs: tiny input, so that none of them rots; its figures mean nothing. The
# full run takes about five minutes and a gigabyte under the system's temporary folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
bench=build/release/bin/mrv-bench
if [[ ${1:-} == --short ]]; then
  $bench append --entries 2000
  $bench transfer --acts 200 --clients 8
  $bench size --entries 2000
  $bench methodology --evaluations 50 --trips 1000
  $bench registry --blocks 400 --serials 2000 --acts 200 --clients 8
else
  $bench append --entries 10000
  $bench append --entries 1000000
  $bench transfer --acts 30000
  $bench size --entries 1000000
  $bench methodology
  $bench registry
fi
