#!/usr/bin/env bash
# What governance decides about the log itself, through the programs: a blob that goes, and a log key
# that succeeds another, with and without the operator's preparation. Needs the release build.
set -euo pipefail
cd "$(dirname "$0")/../.."
port=$((20000 + $$ % 20000))
bin=$PWD/build/release/bin
mkdir -p build
scratch=$(mktemp -d "$PWD/build/e2e.XXXXXX")
server=
cleanup() { [[ -n $server ]] && kill "$server" 2>/dev/null; rm -rf "$scratch"; }
trap cleanup EXIT
export MRV_SERVER=http://127.0.0.1:$port
origin=ledger.example/succession

expect() { grep -qF -- "$2" <<<"$1" || { echo "missing: $2"; echo "$1"; exit 1; }; }
exits() { # exits CODE TEXT COMMAND…
  local wanted=$1 text=$2 code=0
  shift 2
  "$@" >"$scratch/out" 2>&1 || code=$?
  [[ $code == "$wanted" ]] || { echo "exit $code, not $wanted: $*"; cat "$scratch/out"; exit 1; }
  expect "$(cat "$scratch/out")" "$text"
}
serve() { # serve OPTION…: waits until it listens
  : >"$scratch/serve.out" # what an earlier server said is no answer
  "$bin/mrvd" serve --data "$scratch/data" --listen "127.0.0.1:$port" "$@" \
    >"$scratch/serve.out" 2>"$scratch/serve.log" &
  server=$!
  until grep -q "listening on" "$scratch/serve.out"; do
    kill -0 "$server" 2>/dev/null || { cat "$scratch/serve.log"; exit 1; }
    read -rt 0.05 <> <(:) || :
  done
}
stop() { kill "$server"; wait "$server" || :; server=; }
governance=$scratch/data/keys/governance.key
govern() { "$bin/mrv" --key "$governance" act "$@"; }

"$bin/mrvd" init --data "$scratch/data" --origin "$origin" >/dev/null
"$bin/mrv" key new "$scratch/next.key" >/dev/null
exits 0 "$origin+" "$bin/mrv" key show "$scratch/next.key" --log "$origin"
vkey=$(tail -1 "$scratch/out")
exits 2 "ORIGIN_INVALID" "$bin/mrv" key show "$scratch/next.key" --log "two words"

# --- a blob goes by decision ---
serve
echo "a list of names" >"$scratch/names.txt"
digest=$(sha256sum "$scratch/names.txt" | cut -d' ' -f1)
put() { curl -s -o "$scratch/answer" -w '%{http_code}' -X PUT --data-binary "@$scratch/names.txt" "$MRV_SERVER/blob/$digest"; }
get() { curl -s -o "$scratch/answer" -w '%{http_code}' "$MRV_SERVER/blob/$digest"; }
[[ $(put) == 201 && $(get) == 200 ]]
govern remove-blob --digest "$digest" --reason "a court's order" >/dev/null
[[ $(get) == 410 && $(put) == 410 ]]
expect "$(cat "$scratch/answer")" "BLOB_REMOVED"
exits 4 "BLOB_REMOVED" govern remove-blob --digest "$digest" --reason "again"

# --- a successor that the operator has not prepared: the last tree of the old key, then a named stop ---
govern succeed-log-key --vkey "$vkey" >/dev/null
code=0
wait "$server" || code=$?
server=
[[ $code == 4 ]] || { echo "exit $code"; cat "$scratch/serve.log"; exit 1; }
expect "$(cat "$scratch/serve.log")" "SIGNER_KEY_MISSING"
exits 4 "$vkey" "$bin/mrvd" serve --data "$scratch/data" --listen "127.0.0.1:$port"

# --- with the key the log goes on; whoever verifies lists both ---
serve --successor-key "$scratch/next.key"
policy=$scratch/data/policy.txt
exits 0 "entries in" "$bin/mrv" mirror "$scratch/before"
exits 0 "holds: " "$bin/mrv-verify" replay "$scratch/before" --policy "$policy"
"$bin/mrv" key new "$scratch/somebody.key" >/dev/null
"$bin/mrv" --key "$scratch/somebody.key" party register --name-en Somebody --country CN --role buyer --person "Some Body" >/dev/null
exits 0 "entries in" "$bin/mrv" mirror "$scratch/after"
exits 1 "CHECKPOINT_SIGNATURE_INVALID" "$bin/mrv-verify" replay "$scratch/after" --policy "$policy"
sed "1i log $vkey" "$policy" >"$scratch/both.txt"
exits 0 "holds: " "$bin/mrv-verify" replay "$scratch/after" --policy "$scratch/both.txt"
stop
[[ $(MRVD_SUCCESSOR_KEY=$scratch/none "$bin/mrvd" serve --data "$scratch/data" 2>&1 || echo "exit $?") == *"exit 2"* ]]
# From here on the old key's file may go.
mv "$scratch/next.key" "$scratch/data/keys/log.key"
serve
[[ $(get) == 410 ]]
stop
echo "succession: passed"
