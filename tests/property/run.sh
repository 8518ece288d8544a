#!/usr/bin/env bash
# Property tests of the rules, the long run:
#   tests/property/run.sh [--programs N] [--seed S] [--acts M] [--self-test] [--program FILE]
#
# Default: 1,000 programs of 60 acts from seed 1, about two minutes of one core with the release
# build (RUNNER=build/dev/bin/act-runner, under the sanitizers: about six). Programs do not know
# each other: runs of other seeds may go side by side. The test `property` of ctest is a short run
# of fixed seeds.
set -euo pipefail
arguments=(--programs 1000)
while [ $# -gt 0 ]; do
  if [ "$1" = --program ] && [ $# -gt 1 ]; then
    arguments+=("$1" "$(realpath "$2")")
    shift 2
  else
    arguments+=("$1")
    shift
  fi
done
cd "$(dirname "$0")/../.."
if [ -z "${RUNNER:-}" ]; then
  RUNNER=build/release/bin/act-runner
  { cmake --preset release && cmake --build --preset release --target act-runner; } >/dev/null
fi
exec python3 -B tests/property/property_test.py --runner "$RUNNER" "${arguments[@]}"
