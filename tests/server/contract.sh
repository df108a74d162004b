#!/usr/bin/env bash
# The API against its own description, by schemathesis: no faults of the server, only statuses, types and shapes that are described.
#   tests/server/contract.sh PATH/TO/isnad
set -euo pipefail
isnad="${1:?give the program}"
venv="${CARGO_TARGET_DIR:-target}/schemathesis-venv"
if [ ! -x "$venv/bin/schemathesis" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet 'schemathesis>=4,<5'
fi
log="$(mktemp)"
"$isnad" serve --demo --listen 127.0.0.1:0 2>"$log" &
server=$!
trap 'kill $server 2>/dev/null || true; rm -f "$log"' EXIT
for _ in $(seq 200); do
  base="$(sed -n 's|.*serving on \(http://[^/]*\)/.*|\1|p' "$log")"
  if [ -n "$base" ] && curl -fsS "$base/ready" >/dev/null 2>&1; then break; fi
  kill -0 $server || { cat "$log" >&2; exit 1; }
  sleep 0.1
done
curl -fsS "$base/api/v1/openapi.json" >/dev/null
# what is refused for a reason that a schema cannot say (a date, a radius without a place) is no finding
timeout 300 "$venv/bin/schemathesis" run "$base/api/v1/openapi.json" --max-examples 20 --phases examples,coverage,fuzzing --seed 1 \
  --request-timeout 10 --checks all --exclude-checks positive_data_acceptance
