#!/usr/bin/env bash
# Measurement series through the programs, without a server: a million readings in the memory of a
# few, one disclosed and checked in both languages and by the second implementation, what is damaged
# or given wrongly, and the signature at source. Needs the release build.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$PWD/build/release/bin
mkdir -p build
scratch=$(mktemp -d "$PWD/build/e2e.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
series_py() { python3 -B tests/conformance/series.py "$@"; }

expect() { grep -qF -- "$2" <<<"$1" || { echo "missing: $2"; echo "$1"; exit 1; }; }
# exits CODE TEXT COMMAND…: the exit code, and a text in what was printed on either stream.
exits() {
  local wanted=$1 text=$2 code=0
  shift 2
  "$@" >"$scratch/out" 2>&1 || code=$?
  [[ $code == "$wanted" ]] || { echo "exit $code, not $wanted: $*"; cat "$scratch/out"; exit 1; }
  expect "$(cat "$scratch/out")" "$text"
}
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$scratch/out"; }

# --- a million readings in constant memory ---
python3 - "$scratch" <<'PY'
import datetime, sys
start = datetime.datetime(2023, 1, 1)
for name, count in (("few", 1_000), ("million", 1_000_000)):
    with open(f"{sys.argv[1]}/{name}.csv", "w") as file:
        file.write("at,value\n")
        for i in range(count):
            at = start + datetime.timedelta(seconds=30 * i)
            file.write(f"{at:%Y-%m-%dT%H:%M:%S}Z,{i % 977}.{i % 100:02}\n")
PY
peak() { # peak COMMAND…: its exit code and output; the peak of its memory in KiB goes to $scratch/peak
  python3 - "$scratch/peak" "$@" <<'PY'
import resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
PY
}
allowance_kib=4096
for name in few million; do
  exits 0 '"digest"' peak "$bin/mrv" --json series make "$scratch/$name.csv" --out "$scratch/$name" --unit t
  made=$(cat "$scratch/peak")
  digest=$(field digest)
  exits 0 "written to" peak "$bin/mrv" series disclose "$scratch/$name" --index 777 --out "$scratch/$name.json"
  disclosed=$(cat "$scratch/peak")
  exits 0 "holds: 777.77 t at 2023-01-01T06:28:30Z" "$bin/mrv-verify" reading "$scratch/$name.json" --digest "$digest"
  [[ $name == few ]] && few_made=$made few_disclosed=$disclosed
done
for pair in "$few_made $made" "$few_disclosed $disclosed"; do
  read -r of_few of_million <<<"$pair"
  ((of_million < of_few + allowance_kib)) || { echo "memory grows: $of_few KiB to $of_million KiB"; exit 1; }
done
expect "$("$bin/mrv-verify" reading "$scratch/million.json" --digest "$digest")" "of a series of 1000000 readings"
expect "$("$bin/mrv-verify" reading "$scratch/million.json" --digest "$digest" --lang zh)" "成立：2023-01-01T06:28:30Z 的读数为 777.77 t"
expect "$(series_py verify "$scratch/million.json" --digest "$digest")" "holds: 777.77 t"

# --- the second implementation: its series are ours and ours are its ---
expect "$(series_py check "$scratch/few")" "1000 readings"
series_py make "$scratch/few.csv" --out "$scratch/theirs" --unit t >"$scratch/out"
digest=$(sed -n 's/^digest //p' "$scratch/out")
"$bin/mrv" series disclose "$scratch/theirs" --index 999 --out "$scratch/ours.json" >/dev/null
series_py disclose "$scratch/theirs" --index 999 --out "$scratch/theirs.json"
cmp "$scratch/ours.json" "$scratch/theirs.json"
verify() { "$bin/mrv-verify" reading "$@" --digest "$digest"; }
exits 0 "index 999 (from 0) of a series of 1000 readings" verify - <"$scratch/theirs.json"

# --- what was altered, by name, in both languages ---
altered() { # altered NAME SED-EXPRESSION
  sed "$2" "$scratch/theirs.json" >"$scratch/altered.json"
  cmp -s "$scratch/theirs.json" "$scratch/altered.json" && { echo "nothing altered: $2"; exit 1; }
  exits 1 "$1: " verify "$scratch/altered.json"
  exits 1 "提示：" verify "$scratch/altered.json" --lang zh
  exits 1 "\"reason\":\"$1\"" verify --json "$scratch/altered.json"
}
altered READING_NOT_IN_SERIES 's/"value":"22.99"/"value":"22.98"/'
altered READING_NOT_IN_SERIES 's/"unit":"t"/"unit":"kg"/'
altered READING_NOT_IN_SERIES 's/\("salt":"[0-9a-f]*\)"/\100"/'
altered READING_NOT_IN_SERIES 's/"999"/"998"/g'
altered READING_NOT_IN_SERIES 's/"path":\["[0-9a-f]\{64\}",/"path":[/'
altered READING_MALFORMED 's/"index":"999"/"index":"998"/'
altered READING_MALFORMED 's/":/": /'
altered SERIES_DIFFERS 's/"count":"1000"/"count":"1001"/'
digest=$(sha256sum "$scratch/few.csv" | cut -d' ' -f1)
exits 1 "SERIES_DIFFERS: The reading is disclosed from another series." verify "$scratch/theirs.json"
exits 2 "ARGUMENT_UNUSABLE" "$bin/mrv-verify" reading "$scratch/theirs.json"
exits 2 "--lang" verify "$scratch/theirs.json" --lang fr

# --- what is given wrongly ---
make() { "$bin/mrv" series make - --out "$scratch/new" --unit t; }
exits 2 "CSV_CELL_INVALID: row 2, column 2 (value): " make <<<$'at,value\n2023-01-01T00:00:00Z,1\n2023-01-01T00:01:00Z,"1,5"'
exits 2 "row 2, column 1 (at): not later than the reading before" make <<<$'at,value\n2023-01-01T00:00:00Z,1\n2023-01-01T00:00:00Z,2'
exits 2 "CSV_COLUMN_UNKNOWN" make <<<$'time,value\n2023-01-01T00:00:00Z,1'
exits 2 "FILE_UNREADABLE" "$bin/mrv" series make "$scratch" --out "$scratch/new" --unit t
exits 2 "FILE_UNREADABLE" "$bin/mrv" series make "$scratch/none" --out "$scratch/new" --unit t
[[ ! -e $scratch/new && ! -e $scratch/new.part ]] || { echo "a failed make left something"; exit 1; }
exits 0 "1 readings" make <<<$'at,value\n2023-01-01T00:00:00Z,1'
[[ $(stat -c %a "$scratch/new") == 600 ]] || { echo "the salts are open"; exit 1; }
exits 2 "FILE_EXISTS" make <<<$'at,value\n2023-01-01T00:00:00Z,1'
disclose() { "$bin/mrv" series disclose "$scratch/new" --index "$@"; }
exits 2 "FILE_EXISTS" disclose 0 --out "$scratch/new"
exits 2 "INTEGER_OUT_OF_RANGE: the series has the indexes 0 to 0" disclose 1 --out -
exits 2 "SERIES_FILE_MALFORMED" "$bin/mrv" series disclose "$scratch/few.csv" --index 0 --out -
exits 2 "FILE_UNREADABLE" "$bin/mrv" series disclose "$scratch" --index 0 --out -
digest=$(series_py check "$scratch/new" | sed -n 's/^digest //p')
disclose 0 --out - 2>"$scratch/notices" >"$scratch/piped.json"
expect "$(cat "$scratch/notices")" "check it offline: mrv-verify reading FILE --digest $digest"
exits 0 "holds: 1 t" verify "$scratch/piped.json"

# --- the signature at source, over exactly the text of the specification ---
"$bin/mrv" key new "$scratch/meter.key" >/dev/null
project=prj_00000000000000000000000000
sign() {
  "$bin/mrv" --key "$scratch/meter.key" evidence sign --kind meter-data --project "$project" --from 2023-01-01 --to 2024-01-01 "$@"
}
exits 2 "EVIDENCE_DATE_INVALID" sign --digest "$digest" --taken-at 2024-01-01T00:00:00Z
exits 2 "HEX_INVALID" sign --digest 00 --taken-at 2023-12-31T23:59:59Z
exits 2 "required" sign --taken-at 2023-12-31T23:59:59Z
exits 2 "KEYFILE_UNREADABLE" "$bin/mrv" evidence sign --digest "$digest" --kind x --project "$project" --from 2023-01-01 --to 2024-01-01 --taken-at 2023-06-30T00:00:00Z
sign --series "$scratch/new" --taken-at 2023-12-31T23:59:59Z >"$scratch/out"
[[ $(field digest) == "$digest" && $(field takenAt) == 2023-12-31T23:59:59Z && $(field count) == 1 ]]
message=$(printf 'mrv-ledger/evidence/v1\n%s\n%s\n2023-01-01\n2024-01-01\n2023-12-31T23:59:59Z\n' "$digest" "$project" | od -An -v -tx1 | tr -d ' \n')
signature=$(field signature | base64 -d | od -An -v -tx1 | tr -d ' \n')
key=$("$bin/mrv" --json key show "$scratch/meter.key" | sed -n 's/.*"publicKey":"\([^"]*\)".*/\1/p')
exits 0 "holds" "$bin/mrv-verify" signature --public-key "$key" --message "$message" --signature "$signature"
exits 1 "SIGNATURE_INVALID" "$bin/mrv-verify" signature --public-key "$key" --message "${message}0a" --signature "$signature"
sign --file "$scratch/few.csv" --taken-at 2023-06-30T00:00:00Z >"$scratch/out"
[[ $(field digest) == $(sha256sum "$scratch/few.csv" | cut -d' ' -f1) ]]
echo "series hold"
