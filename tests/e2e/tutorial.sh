#!/usr/bin/env bash
# The tutorial shows what the program says: its commands of section 4 are run, and every line they
# print stands in schemas/methodologies/your-first-methodology.md. Needs the release build.
set -euo pipefail
cd "$(dirname "$0")/../.."
mrv=build/release/bin/mrv
page=schemas/methodologies/your-first-methodology.md
templates=schemas/methodologies/templates/village-solar
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shown: every line of standard input is a line of the page.
shown() {
  local line
  while IFS= read -r line; do
    grep -qxF -e "$line" "$page" || { echo "FAIL: the tutorial does not show: $line"; exit 1; }
  done
}

evaluate() {
  "$mrv" methodology eval schemas/methodologies/village-solar-1.json --inputs "$work/inputs.json" \
    --from 2023-01-01 --to 2024-01-01 --dataset meters="$1" \
    --dataset generation=$templates/generation.csv --table schemas/tables/cn-grid-2023.json 2>&1
}

# refused FILE: evaluating with these meters is refused, and the tutorial shows how.
refused() {
  local code=0
  evaluate "$1" >"$work/said" || code=$?
  [ "$code" -ne 0 ] || { echo "FAIL: $1 was calculated"; exit 1; }
  shown <"$work/said"
}

echo '{"plant": {"region": "northwest", "capacity": "120"}}' >"$work/inputs.json"
evaluate $templates/meters.csv | shown
sed '3s/,[0-9.]*,\([0-9.]*\)$/,1e3,\1/' $templates/meters.csv >"$work/exponent.csv"
refused "$work/exponent.csv"
sed '1s/\[kWh flow\]/[MWh flow]/; 1s/exported_kwh,/exported_kwh [MWh flow],/' $templates/meters.csv >"$work/unit.csv"
refused "$work/unit.csv"
sed '$d' $templates/meters.csv >"$work/quarter.csv"
refused "$work/quarter.csv"
"$mrv" methodology check schemas/methodologies/village-solar-1.json >/dev/null
echo "the tutorial's commands say what it shows"
