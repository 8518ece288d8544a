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
buyer=$("$bin/mrv" get /v1/parties | grep -o '"id":"pty_[^"]*","keys":[^]]*\],"kind":"organisation","name":{"en":"Steel Buyer Ltd"' |
  grep -o 'pty_[a-z0-9]*' | head -1)
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
  registry=$("$bin/mrv" get /v1/parties | grep -o '"id":"pty_[^"]*","keys":[^]]*\],"kind":"organisation","name":{"en":"Demo Registry"' |
    grep -o 'pty_[a-z0-9]*' | head -1)
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
