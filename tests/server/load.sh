#!/usr/bin/env bash
# How the API answers under load: wrk with 50 clients for each of the usual questions, against a server that runs.
#   tests/server/load.sh http://127.0.0.1:7878 [SECONDS]
# wrk comes with Debian: apt-get install wrk
set -euo pipefail
base="${1:?give the address of a running server}"
seconds="${2:-5}"
command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 2; }
api="$base/api/v1"
echo "ledger: $(curl -fsS "$api/meta" | python3 -c 'import json,sys; m=json.load(sys.stdin); print(m["counts"])')"
printf '%-52s %10s %10s %10s %8s\n' question requests/s p50 p99 errors
for path in /meta '/happenings?limit=50' '/happenings?sort=origins&limit=50' '/events?type=AID&limit=50' '/documents?limit=50' \
  '/timeline' '/map?zoom=4' '/actors?limit=50' '/transfers?limit=50' '/search?q=%D8%A7%D9%84%D8%AC%D9%8A%D8%B4&limit=20'; do
  wrk -t2 -c50 -d"${seconds}s" --latency "$api$path" | python3 -c '
import re, sys
text, path = sys.stdin.read(), sys.argv[1]
find = lambda p: (re.search(p, text) or [None, "-"])[1]
errors = find(r"Non-2xx or 3xx responses: (\d+)")
print(f"{path:52} {find(r'"'"'Requests/sec:\s+(\S+)'"'"'):>10} {find(r'"'"'50%\s+(\S+)'"'"'):>10} {find(r'"'"'99%\s+(\S+)'"'"'):>10} {errors if errors != "-" else 0:>8}")
' "$path"
done
