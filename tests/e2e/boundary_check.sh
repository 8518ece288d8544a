#!/usr/bin/env bash
# `mrv boundary check`: what holds, what does not and where, overlap, points, and the warning for
# coordinates of Chinese web maps; in both languages and as JSON. Needs the release build, no server.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=$PWD/build/release/bin
mkdir -p build
scratch=$(mktemp -d "$PWD/build/e2e.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# exits CODE TEXT ARGUMENTS…: the exit code of `mrv ARGUMENTS`, and a text in what it printed.
exits() {
  local wanted=$1 text=$2 code=0
  shift 2
  "$bin/mrv" "$@" >"$scratch/out" 2>&1 || code=$?
  [[ $code == "$wanted" ]] || { echo "exit $code, not $wanted: $*"; cat "$scratch/out"; exit 1; }
  also "$text"
}
also() { grep -qF -- "$1" "$scratch/out" || { echo "missing: $1"; cat "$scratch/out"; exit 1; }; }
never() { if grep -qF -- "$1" "$scratch/out"; then echo "unexpected: $1"; cat "$scratch/out"; exit 1; fi; }
polygon() { echo "{\"type\":\"Polygon\",\"coordinates\":[[$1]]}" >"$scratch/$2"; }

example=schemas/examples/ccs/boundary.geojson
exits 0 "the boundary holds: polygons 1, holes 0, positions 4" boundary check "$example"
also "area 9,716.32 ha"
also "from 109.5000000, 38.2000000 to 109.6000000, 38.3000000"
also "digest $(sha256sum <"$example" | cut -d' ' -f1)"
never "warning"
exits 0 "边界有效:多边形 1,洞 0,位置 4" --lang zh boundary check "$example"
also "面积 9,716.32 公顷"
exits 0 '"holds":true' --json boundary check "$example"
also '"areaHa":"9716.32"'
also '"cells":["98f09400000000000c","98f09500000000000c","98f09600000000000c","98f09700000000000c"]'

polygon "[0,0],[4,4],[4,0],[0,4],[0,0]" bow.json
exits 1 "BOUNDARY_INVALID: the edge from position 0 of ring 0 of polygon 0 meets" boundary check "$scratch/bow.json"
also "/coordinates/0/0"
also "GEOS: Self-intersection at 2.0000000, 2.0000000"
exits 1 "多边形 0 的环 0 的第 2 个位置起的边相遇" --lang zh boundary check "$scratch/bow.json"
exits 1 '"pointer":"/coordinates/0/0"' --json boundary check "$scratch/bow.json"
also '"geos":"Self-intersection at 2.0000000, 2.0000000"'
also '"holds":false'
echo '{"type":"Polygon"' >"$scratch/broken.json"
exits 1 "BOUNDARY_INVALID: JSON_SYNTAX" boundary check "$scratch/broken.json"
exits 2 "FILE_UNREADABLE" boundary check "$scratch/none"

# Neighbours share an edge; the third lies on both.
polygon "[0,0],[1,0],[1,1],[0,1],[0,0]" west.json
polygon "[1,0],[2,0],[2,1],[1,1],[1,0]" east.json
polygon "[0.5,0],[1.5,0],[1.5,1],[0.5,1],[0.5,0]" both.json
exits 0 "no ground in common" boundary check "$scratch/west.json" --against "$scratch/east.json"
exits 1 "about 615,423.19 ha" boundary check "$scratch/west.json" --against "$scratch/both.json"
exits 1 "重叠约 615,423.19 公顷" --lang zh boundary check "$scratch/west.json" --against "$scratch/both.json"
exits 1 '"commonAreaHa":"615423.19"' --json boundary check "$scratch/west.json" --against "$scratch/both.json"
exits 1 "BOUNDARY_INVALID" boundary check "$scratch/west.json" --against "$scratch/bow.json"

echo '{"type":"Point","coordinates":[109.5,38.2]}' >"$scratch/point.json"
exits 1 "no radius" boundary check "$scratch/point.json"
exits 0 "from 109.4999000, 38.1999000 to 109.5001000, 38.2001000" boundary check "$scratch/point.json" --radius 1000
exits 2 "--radius" boundary check "$scratch/point.json" --radius 10000001

echo '{"type":"Feature","properties":{"source":"高德地图"},"geometry":{"type":"Polygon","coordinates":
  [[[116.3840472,39.9133454],[116.39,39.91],[116.39,39.92],[116.3840472,39.9133454]]]}}' >"$scratch/amap.json"
exits 0 'may be GCJ-02 and not WGS 84; the file says "高德地图"' boundary check "$scratch/amap.json"
also "the first position is in WGS 84 at [116.377817,39.911954]"
exits 0 "警告:坐标可能是 GCJ-02" --lang zh boundary check "$scratch/amap.json"
exits 0 '"label":"approximate conversion to WGS 84, to be checked against a map"' --json boundary check "$scratch/amap.json"
sed 's/"properties":{[^}]*}/"properties":null,"crs":"BD-09"/' "$scratch/amap.json" >"$scratch/crs.json"
exits 1 "/crs" boundary check "$scratch/crs.json"
also "may be BD-09"
echo "boundary check: passed"
