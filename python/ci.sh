#!/usr/bin/env bash
# Builds the wheel, installs it into a clean environment, and tests what a user gets. `ISNAD_PROFILE=quick` for a faster build;
# `ISNAD_SPARK=1` also installs Spark (half a gigabyte; wants Java 17) and runs the tests on it.
set -euo pipefail
cd "$(dirname "$0")"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
step() { printf '\n== %s\n' "$*"; }

step "form and lints of the extension"
cargo fmt --check
cargo clippy --locked --all-targets --profile "${ISNAD_PROFILE:-release}" -- -D warnings

step "wheel"
python3 -m venv "$work/build"
"$work/build/bin/pip" install --quiet 'maturin>=1.9,<2'
"$work/build/bin/maturin" build --profile "${ISNAD_PROFILE:-release}" --locked --out "$work/wheels"

step "a clean environment"
python3 -m venv "$work/clean"
more=test
[ -z "${ISNAD_SPARK:-}" ] || more=test,spark
"$work/clean/bin/pip" install --quiet "$(ls "$work"/wheels/*.whl)[$more]"

step "tests"
# from elsewhere, so that the installed package is what is tested
tests="$PWD/tests"
examples="$PWD/examples"
cd "$work"
"$work/clean/bin/python" -m pytest -q -p no:cacheprovider "$tests"

step "example"
mkdir -p "$work/pages"
cp "$tests"/../../crates/intake/tests/pages/*-ar.html "$work/pages/"
"$work/clean/bin/python" "$examples/transfers.py" "$work/pages"
