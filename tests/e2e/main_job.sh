#!/usr/bin/env bash
# The main job through the programs, as ./demo does it, then what only a running server shows: the
# import of ACR's public history (skipped where the files are not beside the project), the same
# import again, a mirror and its replay, exit codes. Needs the release build.
set -euo pipefail
cd "$(dirname "$0")/../.."
port=$((20000 + $$ % 20000))
mkdir -p build
scratch=$(mktemp -d "$PWD/build/e2e.XXXXXX")
# A folder of its own: somebody's demonstration in build/demo goes on.
work=$scratch/demo
bin=$PWD/build/release/bin
cleanup() { kill "$(cat "$work/mrvd.pid")" 2>/dev/null || true; rm -rf "$scratch"; }
trap cleanup EXIT
MRV_DEMO_DIR=$work MRV_DEMO_PORT=$port MRV_DEMO_NO_BUILD=1 ./demo >"$scratch/demo.log" 2>&1 ||
  { tail -40 "$scratch/demo.log"; exit 1; }
export MRV_SERVER=http://127.0.0.1:$port

expect() { grep -qF -- "$2" <<<"$1" || { echo "missing: $2"; echo "$1"; exit 1; }; }
exits() { # exits CODE COMMAND…
  local wanted=$1 code=0
  shift
  "$@" >"$scratch/out" 2>&1 || code=$?
  [[ $code == "$wanted" ]] || { echo "exit $code, not $wanted: $*"; cat "$scratch/out"; exit 1; }
}

log=$(cat "$scratch/demo.log")
expect "$log" "claimed 146764, recomputed 146763"
expect "$log" '"quantity":"146763"'
expect "$log" '"buffer":"7339"'
expect "$log" '"active":"139424"'
expect "$log" "holds: 1000 t CO2e retired for Green Bridge Construction Co."
expect "$log" "recomputed"
expect "$log" "CERTIFICATE_SUMMARY_DIFFERS"

# Every option of a retirement reaches the ledger, and its certificate stands alone on standard output.
party_of() { # party_of NAME: its id
  "$bin/mrv" get /v1/parties | grep -o '"id":"pty_[^"]*","keys":[^]]*\],"kind":"organisation","name":{"en":"'"$1"'"' |
    grep -o 'pty_[a-z0-9]*' | head -1
}
buyer=$(party_of "Steel Buyer Ltd")
registry=$(party_of "Demo Registry")
batch=$("$bin/mrv" get /v1/batches | grep -o 'bat_[a-z0-9]*' | head -1)
retire() { "$bin/mrv" --json --key "$work/keys/buyer.key" --party "$buyer" credits retire --leg "$batch=1" "$@"; }
exits 2 retire --claim-from 2023-01-01
exits 2 retire --claim-from 2023-01-01 --claim-to yesterday
out=$(retire --beneficiary "Green Bridge Construction Co." --country CN --claim-from 2023-01-01 \
  --claim-to 2024-01-01 --inventory inventory-7)
retirement=$(grep -o 'ret_[a-z0-9]*' <<<"$out" | head -1)
"$bin/mrv" certificate get "$retirement" --out - >"$scratch/piped.json" 2>"$scratch/notices"
expect "$(cat "$scratch/notices")" "check it offline"
act=$(python3 -c 'import base64,json,sys; print(base64.b64decode(json.load(sys.stdin)["entries"][0]["entry"]).decode())' \
  <"$scratch/piped.json")
expect "$act" '"claimPeriod":{"from":"2023-01-01","to":"2024-01-01"},"inventory":"inventory-7"'
exits 0 "$bin/mrv-verify" certificate "$scratch/piped.json" --policy "$work/data/policy.txt"

# A meter's readings under one digest, signed at the source and named by the report of another project; an
# auditor gets one of them and the report's entry.
developer=$(party_of "Aquifer Storage Ltd")
as() { "$bin/mrv" --json --key "$work/keys/$1.key" --party "$2" "${@:3}" >"$scratch/answer"; }
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$scratch/answer"; }
# Half of its ground is somebody else's already: refused, with both ids; how much is anybody's to see.
taken=$("$bin/mrv" get /v1/projects | grep -o 'prj_[a-z0-9]*' | head -1)
sed 's/109\.5,/109.55,/g' "$work/files/boundary.geojson" >"$work/files/boundary-half.geojson"
sed 's/boundary.geojson/boundary-half.geojson/' "$work/files/project.json" >"$work/files/project-half.json"
exits 4 "$bin/mrv" --key "$work/keys/developer.key" --party "$developer" project submit "$work/files/project-half.json"
expect "$(cat "$scratch/out")" "BOUNDARY_OVERLAP"
[[ $(cat "$scratch/out") != *warning:* ]]
expect "$(cat "$scratch/out")" " overlaps $taken"
exits 1 "$bin/mrv" boundary check "$work/files/boundary-half.geojson" --against "$taken"
expect "$(cat "$scratch/out")" "ground in common with the other boundary: about 4,858.16 ha"
sed -i 's/Injection site/From a map of Amap/' "$work/files/boundary-half.geojson"
exits 4 "$bin/mrv" --key "$work/keys/developer.key" --party "$developer" project submit "$work/files/project-half.json"
expect "$(cat "$scratch/out")" "warning: the coordinates may be GCJ-02 and not WGS 84"
sed 's/109\./119./g' "$work/files/boundary.geojson" >"$work/files/boundary-east.geojson"
sed 's/boundary.geojson/boundary-east.geojson/' "$work/files/project.json" >"$work/files/project-east.json"
as developer "$developer" project submit "$work/files/project-east.json"
east=$(field object)
as vvb1 "$(party_of "First Verification Body")" project validate "$east" --report "$work/files/validation.txt"
as registry "$registry" project register "$east" --code EAST1
as registry-approver "$registry" approve --digest "$(field digest)"
"$bin/mrv" key new "$work/keys/meter.key" >/dev/null
as developer "$developer" party bind-key "$developer" --new-key "$work/keys/meter.key" --person "a flow meter" --purpose device
{
  echo at,value
  for month in {01..12}; do for day in {01..28}; do echo "2023-$month-${day}T00:00:00Z,$((10#$month)).${day}0"; done; done
} >"$scratch/flow.csv"
"$bin/mrv" --json series make "$scratch/flow.csv" --out "$scratch/flow.series" --unit t >"$scratch/answer"
series=$(field digest)
item=$("$bin/mrv" --key "$work/keys/meter.key" evidence sign --digest "$series" --kind meter-data --project "$east" \
  --from 2023-01-01 --to 2024-01-01 --taken-at 2023-12-31T23:59:59Z)
python3 - "$work/files" "$east" "$item" <<'PY'
import json, sys
folder, project, item = sys.argv[1:]
report = json.load(open(f"{folder}/report-146763.json"))
report.update(project=project, evidence=[json.loads(item)])
json.dump(report, open(f"{folder}/report-east.json", "w"))
report["evidence"][0]["takenAt"] = "2023-12-31T23:59:58Z"
json.dump(report, open(f"{folder}/report-forged.json", "w"))
PY
exits 4 "$bin/mrv" --key "$work/keys/developer.key" --party "$developer" report submit "$work/files/report-forged.json"
expect "$(cat "$scratch/out")" "DEVICE_SIGNATURE_INVALID"
as developer "$developer" report submit "$work/files/report-east.json"
entry=$(field index)
report=$(field object)
"$bin/mrv" get "/v1/entries/$entry" >"$scratch/report.entry"
"$bin/mrv" get "/v1/entries/$entry/proof" >"$scratch/report.proof"
"$bin/mrv" series disclose "$scratch/flow.series" --index 28 --out "$scratch/reading.json" >/dev/null
out=$("$bin/mrv-verify" reading "$scratch/reading.json" --report "$scratch/report.entry" \
  --proof "$scratch/report.proof" --policy "$work/data/policy.txt")
expect "$out" "holds: 2.010 t at 2023-02-01T00:00:00Z"
expect "$out" "report $report of project $east"
expect "$out" "signed at source by $("$bin/mrv" key show "$work/keys/meter.key")"
expect "$out" "entry $entry of the log"
reading() { exits 1 "$bin/mrv-verify" reading "$@"; cat "$scratch/out"; }
expect "$(reading "$scratch/reading.json" --certificate "$work/certificate.json" --policy "$work/data/policy.txt")" "SERIES_NOT_NAMED"
sed 's/2\.010/2.011/' "$scratch/reading.json" >"$scratch/altered.json"
expect "$(reading "$scratch/altered.json" --report "$scratch/report.entry")" "READING_NOT_IN_SERIES"

# Exit codes.
exits 3 "$bin/mrv" get /v1/retirements/ret_00000000000000000000000000
exits 2 "$bin/mrv" no-such-command
exits 5 "$bin/mrv" --server http://127.0.0.1:1 get /checkpoint
exits 2 "$bin/mrv-verify" inclusion --leaf-hash x --index 0 --size 1 --root x --proof ""
exits 1 "$bin/mrv-verify" note "$work/data/policy.txt" --vkey "$(sed -n 's/^log //p' "$work/data/policy.txt")"
"$bin/mrv" get /checkpoint >"$scratch/checkpoint"
exits 0 "$bin/mrv-verify" note "$scratch/checkpoint" --vkey "$(sed -n 's/^log //p' "$work/data/policy.txt")"
"$bin/mrv" get /v1/entries/1 >"$scratch/entry"
"$bin/mrv" get /v1/entries/1/proof >"$scratch/proof"
exits 0 "$bin/mrv-verify" receipt --entry "$scratch/entry" --proof "$scratch/proof" --policy "$work/data/policy.txt"
exits 1 "$bin/mrv-verify" receipt --entry "$scratch/proof" --proof "$scratch/proof" --policy "$work/data/policy.txt"

acr=$PWD/../shared/data/acr
if [[ -f $acr/ACR_retirements.csv ]]; then
  import() { "$bin/mrv" --key "$work/keys/registry.key" --party "$registry" import acr "$@"; }
  cp "$acr"/ACR_*.csv "$scratch/"
  out=$(import "$scratch/ACR_retirements.csv" --approver-key "$work/keys/registry-approver.key")
  expect "$out" "2637 rows: 2637 accepted, 13912689 t; 0 refused"
  size=$("$bin/mrv" get /checkpoint | sed -n 2p)
  out=$(import "$scratch/ACR_retirements.csv" --resume)
  expect "$out" "2637 were recorded before"
  [[ $("$bin/mrv" get /checkpoint | sed -n 2p) == "$size" ]] || { echo "--resume changed the log"; exit 1; }
  out=$(import "$scratch/ACR_retirements.csv" --job "$scratch/second")
  expect "$out" "2637 rows: 0 accepted"
  expect "$out" "SERIAL_ALREADY_TERMINAL: 2637"
  expect "$out" "row 1: entry"
else
  echo "skipped: the ACR files are not beside the project"
fi

"$bin/mrv" mirror "$scratch/mirror" >/dev/null
exits 0 "$bin/mrv-verify" replay "$scratch/mirror" --policy "$work/data/policy.txt"
printf 'x' | dd of="$scratch/mirror/entries/0" bs=1 seek=5000 conv=notrunc 2>/dev/null
exits 1 "$bin/mrv-verify" replay "$scratch/mirror" --policy "$work/data/policy.txt"

# A stop drains, a start finds the same tree.
before=$("$bin/mrv" get /checkpoint)
kill "$(cat "$work/mrvd.pid")"
while kill -0 "$(cat "$work/mrvd.pid")" 2>/dev/null; do sleep 0.05; done
"$bin/mrvd" serve --data "$work/data" --listen "127.0.0.1:$port" >/dev/null 2>>"$work/mrvd.log" &
echo $! >"$work/mrvd.pid"
until "$bin/mrv" get /readyz >/dev/null 2>&1; do sleep 0.05; done
[[ $("$bin/mrv" get /checkpoint) == "$before" ]] || { echo "another checkpoint after the restart"; exit 1; }
expect "$("$bin/mrv" get /)" "Green Bridge Construction Co."
exits 0 "$bin/mrv-verify" certificate "$work/certificate.json" --policy "$work/data/policy.txt" --json
echo "the main job holds"
