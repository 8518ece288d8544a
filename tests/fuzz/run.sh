#!/usr/bin/env bash
# tests/fuzz/run.sh [--preset NAME] [seconds] [target...]: builds the preset (default: fuzz, optimised;
# ./check takes dev, which is built already), proves with the canary that the fuzzer finds a planted fault,
# then runs every target (or those named) for that many seconds, default 60.
# What is found stays in build/NAME/findings; the grown corpus in build/NAME/corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
preset=fuzz
if [ "${1:-}" = --preset ]; then
  preset=$2
  shift 2
fi
seconds=${1:-60}
shift || true
build=build/$preset
canary_seconds_max=60

cmake --preset "$preset" >/dev/null
if [ $# -gt 0 ]; then
  targets=("$@")
else
  targets=()
  for source in tests/fuzz/*_fuzz.cpp; do
    name=$(basename "$source" _fuzz.cpp)
    [ "$name" = canary ] || targets+=("$name")
  done
fi
cmake --build "$build" --target fuzz_canary "${targets[@]/#/fuzz_}"

findings=$build/findings
mkdir -p "$findings"
# libFuzzer adds what it finds to the first folder, which therefore is never a folder of the sources.
if "$build/bin/fuzz_canary" -max_total_time=$canary_seconds_max -artifact_prefix="$findings/canary-" \
    >"$findings/canary.log" 2>&1; then
  echo "FAIL: the planted fault was not found in $canary_seconds_max s" >&2
  exit 1
fi
if ! grep -q "deadly signal" "$findings/canary.log"; then
  echo "FAIL: the canary ended without its fault; see $findings/canary.log" >&2
  exit 1
fi
echo "canary: found"

failed=0
for name in "${targets[@]}"; do
  grown=$build/corpus/$name
  seeds=tests/fuzz/corpus/$name
  mkdir -p "$grown"
  log=$findings/$name.log
  if "$build/bin/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=131072 \
      -print_final_stats=1 -artifact_prefix="$findings/$name-" "$grown" \
      $([ -d "$seeds" ] && echo "$seeds") >"$log" 2>&1; then
    echo "$name: $(grep -o 'number_of_executed_units: *[0-9]*' "$log" | tr -s ' ')"
  else
    echo "FAIL: $name; see $log" >&2
    failed=1
  fi
done
exit $failed
