#!/usr/bin/env bash
# How the API answers under load: wrk with 50 clients for each of the usual questions, against a server that runs.
#   tests/server/load.sh http://127.0.0.1:7878 [SECONDS]
# wrk comes with Debian: apt-get install wrk. Times in milliseconds.
set -euo pipefail
base="${1:?give the address of a running server}"
seconds="${2:-5}"
curl -fsS "$base/ready" >/dev/null || { echo "the server at $base is not ready yet" >&2; exit 2; }
command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 2; }
here="$(cd "$(dirname "$0")" && pwd)"
api=/api/v1
ask() {
  printf '%-58s ' "$1"
  wrk -t2 -c50 -d"${seconds}s" -s "$here/load.lua" "$base" -- "$api$1" "$2" | tail -n 1
}
count() { curl -fsS "$base$api/meta" | python3 -c 'import json, sys; print(json.load(sys.stdin)["counts"][sys.argv[1]])' "$1"; }
one() { curl -fsS "$base$api/$1" | python3 -c 'import json, sys; print(json.load(sys.stdin)["items"][0][sys.argv[1]])' "$2"; }
for what in documents events happenings; do echo "$what: $(count "$what")"; done
printf '%-58s %8s %9s %9s %9s %7s\n' question 1/s p50 p99 longest errors
ask /meta 0
ask '/happenings?limit=50&skip=%d' "$(count happenings)"
ask '/happenings?sort=origins&limit=50&skip=%d' "$(count happenings)"
ask '/happenings?type=AID&limit=50&skip=%d' 1000
ask "/happenings/$(one 'happenings?limit=1' id)" 0
ask '/events?type=AID&limit=50&skip=%d' 1000
ask '/documents?limit=50&skip=%d' "$(count documents)"
ask "/documents/$(one 'documents?limit=1' id)" 0
ask '/timeline' 0
ask '/map?zoom=%d' 12
ask '/actors?limit=50' 0
ask '/transfers?limit=50&skip=%d' "$(count transfers)"
ask '/search?q=%D8%A7%D9%84%D8%AC%D9%8A%D8%B4&limit=20&skip=%d' 100
