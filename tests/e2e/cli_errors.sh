#!/usr/bin/env bash
# How the programs end when something is wrong: exit codes and messages of mrv and mrvd, an init that
# fails and is given again, an import whose refusals survive --resume, a calculation and a report's
# check out of files. Needs the release build; has a ledger of its own on a port of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$PWD/build/release/bin
mkdir -p build
scratch=$(mktemp -d "$PWD/build/e2e.XXXXXX")
servers=()
cleanup() {
  for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
  wait
  rm -rf "$scratch"
}
trap cleanup EXIT

expect() { grep -qF -- "$2" <<<"$1" || { echo "missing: $2"; echo "$1"; exit 1; }; }
refuse() { if grep -qF -- "$2" <<<"$1"; then echo "unexpected: $2"; echo "$1"; exit 1; fi; }
# exits CODE TEXT COMMAND…: the exit code, and a text in what was printed on either stream.
exits() {
  local wanted=$1 text=$2 code=0
  shift 2
  "$@" >"$scratch/out" 2>&1 || code=$?
  [[ $code == "$wanted" ]] || { echo "exit $code, not $wanted: $*"; cat "$scratch/out"; exit 1; }
  expect "$(cat "$scratch/out")" "$text"
}
# served VARIABLE COMMAND…: starts a server and waits for the line that names its port.
served() {
  local name=$1 line
  shift
  exec {lines}< <(exec "$@" 2>"$scratch/$name.log")
  servers+=("$!")
  read -r -t 60 line <&"$lines" || { cat "$scratch/$name.log"; exit 1; }
  printf -v "$name" '%s' "${line##*listening on }"
}
new_key() { "$bin/mrv" --json key new "$scratch/$1.key" "${@:2}" >/dev/null; }

# --- mrvd: usage, settings, log lines ---
exits 2 "required" "$bin/mrvd"
exits 2 "bogus-flag" "$bin/mrvd" serve --bogus-flag
exits 2 "CONFIG_INVALID" "$bin/mrvd" init --origin x.example
exits 2 '"error":"CONFIG_INVALID"' "$bin/mrvd" serve
exits 2 "not a value for MRVD_LOG_LEVEL: bogus" \
  env MRVD_LOG_LEVEL=bogus "$bin/mrvd" serve --data "$scratch/none"
exits 2 "not a value for --log-level: loud" "$bin/mrvd" serve --data "$scratch/none" --log-level loud
exits 2 "not a value for --threads: 0" "$bin/mrvd" serve --data "$scratch/none" --threads 0
exits 2 '"error":"KEYFILE_UNREADABLE"' "$bin/mrvd" serve --data "$scratch/none" --log-level off
[[ $(wc -l <"$scratch/out") == 1 ]] || { echo "more than one line:"; cat "$scratch/out"; exit 1; }
python3 -c 'import json,sys; line=json.load(sys.stdin); assert line["event"]=="failed" and line["level"]=="critical", line' <"$scratch/out"

# --- init: what fails leaves nothing, and can be given again ---
echo right >"$scratch/right"
echo wrong >"$scratch/wrong"
new_key governance --passphrase-file "$scratch/right"
init() {
  "$bin/mrvd" init --data "$scratch/data" --origin errors.example --zero-delays \
    --governance-key "$scratch/governance.key" "$@"
}
exits 2 "KEYFILE_PASSPHRASE_WRONG" init --passphrase-file "$scratch/wrong"
exits 2 "FILE_UNREADABLE" init --passphrase-file "$scratch/none"
exits 2 "KEYFILE_UNREADABLE" init --passphrase-file "$scratch/right" --governance-key "$scratch/none"
exits 2 "CODE_INVALID" init --passphrase-file "$scratch/right" --registry-code small
# These only the rules can refuse, with the store there already.
exits 2 "INTEGER_OUT_OF_RANGE" init --passphrase-file "$scratch/right" --threshold 2
exits 2 "ITEM_REPEATED" init --passphrase-file "$scratch/right" --governance-key "$scratch/governance.key"
[[ ! -e $scratch/data ]] || { echo "a failed init left:"; ls -R "$scratch/data"; exit 1; }
mkdir -p "$scratch/data/keys"
echo mine >"$scratch/data/note"
exits 2 "INTEGER_OUT_OF_RANGE" init --passphrase-file "$scratch/right" --threshold 2
[[ $(ls -A "$scratch/data") == $'keys\nnote' ]] || { ls -R "$scratch/data"; exit 1; }
exits 0 "persons behind the founding keys: $scratch/data/keys/founders.json" \
  init --passphrase-file "$scratch/right"
exits 4 "_EXISTS" init --passphrase-file "$scratch/right"
[[ $(stat -c %a "$scratch/data/keys/founders.json") == 600 ]] || { echo "founders.json is open"; exit 1; }
[[ -f $scratch/data/db/CURRENT ]] || { echo "the second init took the ledger away"; exit 1; }

served MRV_SERVER "$bin/mrvd" serve --data "$scratch/data" --passphrase-file "$scratch/right" \
  --listen 127.0.0.1:0 --log-level warning
export MRV_SERVER
refuse "$(cat "$scratch/MRV_SERVER.log")" '"event":"listening"'
# The founder's salt opens the person that Genesis names.
"$bin/mrv" get /v1/entries/0 >"$scratch/genesis"
python3 - "$scratch" <<'PY'
import hashlib, json, sys
founder, = json.load(open(sys.argv[1] + "/data/keys/founders.json"))["founders"]
person = hashlib.sha256(founder["salt"].encode()).hexdigest()
assert person == founder["person"]
assert person in open(sys.argv[1] + "/genesis", encoding="utf-8", errors="replace").read()
PY

# --- mrv: what cannot be used is 2, what does not hold 1 ---
zeros=00000000000000000000000000
new_key registry
key=(--key "$scratch/registry.key")
exits 2 "--key FILE is needed" "$bin/mrv" credits accept "trf_$zeros"
exits 2 "KEYFILE_UNREADABLE" "$bin/mrv" --key "$scratch/none" credits accept "trf_$zeros"
exits 2 "KEYFILE_PASSPHRASE_WRONG" "$bin/mrv" --key "$scratch/governance.key" credits accept "trf_$zeros"
exits 2 "ID_INVALID" "$bin/mrv" "${key[@]}" credits accept nonsense
exits 2 "LEG_INVALID" "$bin/mrv" "${key[@]}" credits transfer --leg nonsense --to "pty_$zeros"
exits 2 "HEX_INVALID" "$bin/mrv" "${key[@]}" approve --digest nonsense
exits 2 "KEYFILE_EXISTS" "$bin/mrv" key new "$scratch/registry.key"
exits 2 "Is a directory" "$bin/mrv" submit "$scratch"
exits 2 "JSON_SYNTAX" "$bin/mrv" submit - <<<"{"
exits 2 "none" "$bin/mrv" --json key show "$scratch/none"$'\xff'
exits 3 "NOT_FOUND" "$bin/mrv" get "/v1/retirements/ret_$zeros"
exits 4 "KEY_UNKNOWN" "$bin/mrv" "${key[@]}" credits accept "trf_$zeros"
expect "$(cat "$scratch/out")" "the corrected act may keep its id: --id 0"
"$bin/mrv" "${key[@]}" document sign - <<<'{"a":"b"}' >"$scratch/signed.json"
exits 0 "the signature holds" "$bin/mrv" document verify "$scratch/signed.json"
sed -i 's/"a":"b"/"a":"c"/' "$scratch/signed.json"
exits 1 "SIGNATURE_INVALID" "$bin/mrv" document verify "$scratch/signed.json"
# A defect (here: no memory left) is said to be one.
no_memory() { (ulimit -v 600000 && head -c 1000000000 /dev/zero | "$bin/mrv" document canonicalize -); }
exits 70 "INTERNAL" no_memory

# --- a server that is not well ---
cat >"$scratch/ill.py" <<'PY'
from http.server import BaseHTTPRequestHandler, HTTPServer
class Ill(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.answer(503 if self.path.endswith("busy") else 500)
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.answer(503)
    def answer(self, status):
        body = b'{"outcome":"ORDERER_QUEUE_FULL","title":"The ledger is busy."}'
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *unused):
        pass
server = HTTPServer(("127.0.0.1", 0), Ill)
print("listening on http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
PY
ill=
served ill python3 "$scratch/ill.py"
exits 5 "SERVER_UNAVAILABLE" "$bin/mrv" --server "$ill" get /busy
exits 70 "SERVER_FAILED" "$bin/mrv" --server "$ill" get /broken
exits 5 "The ledger is busy" "$bin/mrv" --server "$ill" submit "$scratch/signed.json"
exits 5 "CONNECT_FAILED" "$bin/mrv" --server http://127.0.0.1:1 get /checkpoint

# --- an act that corrects a refused one keeps its id ---
answer=$scratch/answer.json
as() { "$bin/mrv" --json --key "$scratch/$1.key" ${2:+--party "$2"} "${@:3}" >"$answer"; }
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$answer" | head -1; }
govern() {
  "$bin/mrv" --json --key "$scratch/governance.key" --passphrase-file "$scratch/right" "$@" >"$answer"
}
as registry "" party register --name-en Registry --country CN --person first --role registry
registry=$(field object)
if govern party admit "pty_$zeros" --role registry --kyc-record "$scratch/right"; then
  echo "nobody was admitted"; exit 1
fi
id=$(field id)
[[ ${#id} == 36 ]] || { echo "no id in the refusal"; cat "$answer"; exit 1; }
exits 2 "UUID_INVALID" "$bin/mrv" "${key[@]}" --party "$registry" --id nonsense party freeze --reason x
govern --id "$id" party admit "$registry" --role registry --kyc-record "$scratch/right"
"$bin/mrv" get "/v1/acts/$id?key=$("$bin/mrv" key show "$scratch/governance.key")" >/dev/null

# --- import: a refused row stays refused ---
new_key approver
as registry "$registry" party bind-key "$registry" --new-key "$scratch/approver.key" --person second --purpose approve
header="Project ID,Vintage,Offset Credit Serial Numbers,Quantity of Offset Credits,Status Effective,Account Holder,Retirement Reason,Retirement Reason Details"
row() { echo "ACR102,2003,ACR-US-102-2003-274-$1 to $2,$3,12/29/15,Holder,Reason,Details"; }
{ echo "$header"; row 1 10 10; row 11 30 20; row 31 35 9; row 41 70 30; row 71 110 40; row 111 155 45; } >"$scratch/acr.csv"
import() { "$bin/mrv" "${key[@]}" --party "$registry" import acr "$@"; }
exits 2 "IMPORT_JOB_STATE" import "$scratch/acr.csv" --resume
exits 4 "the import waits for approval" import "$scratch/acr.csv"
exits 0 "6 rows: 5 accepted, 145 t; 1 refused" import "$scratch/acr.csv" --resume --approver-key "$scratch/approver.key"
expect "$(cat "$scratch/out")" "RANGE_QUANTITY_MISMATCH: 1"
size=$("$bin/mrv" get /checkpoint | sed -n 2p)
exits 0 "6 rows: 5 accepted, 145 t; 1 refused; 6 were recorded before" import "$scratch/acr.csv" --resume
expect "$(cat "$scratch/out")" "RANGE_QUANTITY_MISMATCH: 1"
# The answer is lost, or another chunk's: the ledger is asked which rows count.
kept=$scratch/acr.csv.mrv-job/answer-00001.json
for damage in lost other torn; do
  case $damage in
    lost) rm "$kept" ;;
    other) echo '{"digest":"00"}' >"$kept" ;;
    torn) head -c 20 <<<'{"digest":"0000000000' >"$kept" ;;
  esac
  exits 0 "6 rows: 5 accepted, 145 t; 1 refused; 6 were recorded before" import "$scratch/acr.csv" --resume
  expect "$(cat "$scratch/out")" "REASON_NOT_KEPT: 1"
  expect "$(cat "$scratch/out")" "row 3: "
done
[[ $("$bin/mrv" get /checkpoint | sed -n 2p) == "$size" ]] || { echo "--resume changed the log"; exit 1; }
echo >>"$scratch/acr.csv"
exits 2 "is not the file that this job started with" import "$scratch/acr.csv" --resume
{ echo "$header"; row 1 10 ten; } >"$scratch/bad.csv"
exits 2 "CSV_CELL_INVALID: row 1, column 4" import "$scratch/bad.csv"
exits 2 "ID_REUSED" import "$scratch/acr.csv" --job "$scratch/job" --id "$id"

# --- calculating out of files ---
methodology=$PWD/schemas/methodologies/ccs-net-storage-1.json
examples=$PWD/schemas/examples/ccs
exits 0 "the document holds" "$bin/mrv" methodology check - <"$methodology"
python3 - "$methodology" "$scratch" <<'PY'
import json, sys
vector = json.load(open(sys.argv[1]))["vectors"][0]
json.dump(vector, open(sys.argv[2] + "/whole.json", "w"))
json.dump(vector["inputs"], open(sys.argv[2] + "/inputs.json", "w"))
json.dump({"empty": []}, open(sys.argv[2] + "/empty.json", "w"))
PY
table=$PWD/schemas/tables/cn-grid-2023.json
exits 0 "2023 credited: " "$bin/mrv" methodology eval "$methodology" --inputs "$scratch/whole.json"
whole=$(cat "$scratch/out")
expect "$whole" "period 2023-01-01 to 2024-01-01"
exits 0 "period 2023-01-01 to 2024-01-01" \
  "$bin/mrv" methodology eval "$methodology" --inputs "$scratch/inputs.json" --table "$table"
[[ $(tail -1 "$scratch/out") == "$(tail -1 <<<"$whole")" ]] || { echo "another trace"; exit 1; }
exits 0 "2023 credited: " "$bin/mrv" methodology eval "$methodology" --inputs "$scratch/inputs.json" \
  --table "$table" --from 2023-01-01 --to 2024-01-01
exits 2 "--to" "$bin/mrv" methodology eval "$methodology" --inputs "$scratch/inputs.json" --from 2023-01-01
exits 2 "PERIOD_INVALID" "$bin/mrv" methodology eval "$methodology" --inputs "$scratch/empty.json"
exits 1 "PARAMETER_MISSING" "$bin/mrv" methodology eval "$methodology" --inputs "$examples/inputs-2023.json"

# --- report check judges what the ledger would ---
new_key standard
new_key standard-approver
as standard "" party register --name-en Standard --country CN --person third --role standard
standard=$(field object)
govern party admit "$standard" --role standard --kyc-record "$scratch/right"
as standard "$standard" party bind-key "$standard" --new-key "$scratch/standard-approver.key" --person fourth --purpose approve
as standard "$standard" table register "$table"
as standard-approver "$standard" approve --digest "$(field digest)"
as standard "$standard" methodology register "$methodology"
digest() { "$bin/mrv" document canonicalize "$1" | sha256sum | cut -d' ' -f1; }
cp "$examples"/* "$scratch/"
sed -e "s/PROJECT/prj_$zeros/" -e "s/METHODOLOGY/$(digest "$methodology")/" -e "s/TABLE/$(digest "$table")/" \
  -e "s/QUANTITY/146763/" "$examples/report.json" >"$scratch/report.json"
changed() { sed "$1" "$scratch/report.json" >"$scratch/changed.json"; }
check() { "$bin/mrv" report check "$scratch/changed.json"; }
changed ''
exits 0 "claimed 146763, recomputed 146763  ok" check
expect "$(cat "$scratch/out")" "counted in tonnes"
changed 's/146763/146764/'
exits 1 "OVER_CLAIM" check
changed 's/"claimed": .*/"claimed": [{"year": "2024", "quantity": "1"}],/'
exits 1 "CLAIM_YEARS_WRONG: claimed 2024; the period has 2023" check
changed 's/"claimed": .*/"claimed": [],/'
exits 1 "CLAIM_YEARS_WRONG: claimed no year; the period has 2023" check
changed 's/"claimed": .*/"claimed": "all",/'
exits 2 "FIELD_TYPE_WRONG: /claimed is a list" check
changed 's/"year": "2023"/"year": 2023/'
exits 2 "FIELD_TYPE_WRONG: /claimed/0/year is a text" check
changed 's/"period": .*/"period": "2023",/'
exits 2 "FIELD_MISSING: there is no /period/from" check
changed 's/"period": .*/"period": {"from": 2023, "to": "2024-01-01"},/'
exits 2 "FIELD_TYPE_WRONG: /period/from is a text" check
changed "s/\"file\": \"mass-meters-2023.csv\", \"mediaType\"/\"digest\": \"$(digest "$table")\", \"mediaType\"/"
exits 3 "NOT_FOUND: /blob/" check
changed 's/"file": "mass-meters-2023.csv", "mediaType"/"digest": "12", "mediaType"/'
exits 2 "HASH_LENGTH_INVALID: /datasets/0/digest" check
changed 's/"name": "massMeters"/"name": "lostMeters"/'
exits 1 "no rows or list lostMeters" check

# --- a disk that takes no more: the server answers, says why and ends; a fresh start has everything ---
"$bin/mrvd" init --data "$scratch/full" --origin full.example --zero-delays >/dev/null
mkfifo "$scratch/stopping.fifo"
cat "$scratch/stopping.fifo" >"$scratch/stopping.log" &
logger=$!
# The limit of file sizes stands for the full disk: from then on no write of the database succeeds.
exec {lines}< <(
  trap '' XFSZ
  exec "$bin/mrvd" serve --data "$scratch/full" --listen 127.0.0.1:0 2>"$scratch/stopping.fifo"
)
stopping=$!
servers+=("$stopping")
read -r -t 60 line <&"$lines"
full=${line##*listening on }
register=("$bin/mrv" --server "$full" "${key[@]}" --id 01890000-0000-7000-8000-000000000001 party register
  --name-en Registry --country CN --person first --role registry)
size=$("$bin/mrv" --server "$full" get /checkpoint | sed -n 2p)
prlimit --pid "$stopping" --fsize=1
exits 5 "ORDER_UNKNOWN" "${register[@]}"
code=0
wait "$stopping" || code=$?
[[ $code == 70 ]] || { echo "mrvd ended with $code"; cat "$scratch/stopping.log"; exit 1; }
wait "$logger"
expect "$(cat "$scratch/stopping.log")" '"event":"append_stopped"'
expect "$(cat "$scratch/stopping.log")" 'STORE_COMMIT_FAILED'
full_again=
served full_again "$bin/mrvd" serve --data "$scratch/full" --listen 127.0.0.1:0
[[ $("$bin/mrv" --server "$full_again" get /checkpoint | sed -n 2p) == "$size" ]]
register[2]=$full_again
exits 0 "recorded" "${register[@]}"

echo "every error has its code and its name"
