#!/usr/bin/env bash
# Property tests of the rules, the long run:
#   tests/property/run.sh [--programs N] [--acts M] [--seed S] [--families LIST] [--jobs J] [--program FILE]
#
# Default: 10,000 programs of 100 acts from seed 1, a million acts (half an hour on two cores), on as many processes as there are
# processors; it ends with how often every act was accepted and every outcome answered, and fails if
# one of them never was. RUNNER=build/dev/bin/act-runner runs it under the sanitizers. The test
# `property` of ctest is a short run of fixed seeds.
set -euo pipefail
arguments=(--programs 10000 --acts 100 --jobs "$(nproc 2>/dev/null || echo 2)" --coverage)
while [ $# -gt 0 ]; do
  if [ "$1" = --program ] && [ $# -gt 1 ]; then
    arguments=(--program "$(realpath "$2")")
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
