#!/usr/bin/env bash
# Property tests of the rules, the long run: tests/property/run.sh [--programs N] [--seed S] [--acts M]
# [--program FILE]
#
# Default 1,000 programs of 60 acts from seed 1. Uses the release build; 1,000 programs take about RATE
# on one core (under the sanitizers, build/dev/bin/act-runner in RUNNER, about five times that). ctest
# runs a short form of fixed seeds as the test `property`.
set -euo pipefail
cd "$(dirname "$0")/../.."
runner=${RUNNER:-build/release/bin/act-runner}
if [ ! -x "$runner" ]; then
  cmake --preset release >/dev/null
  cmake --build --preset release --target act-runner
fi
exec python3 -B tests/property/property_test.py --runner "$runner" --programs 1000 "$@"
