#!/usr/bin/env bash
# Measures Agora on this machine: bench/run.sh [--seconds 10]
# Builds the release binary, installs the load generator (wrk) if it is missing, prints a table.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v wrk >/dev/null; then
  apt-get update -qq && apt-get install -y -qq wrk >/dev/null
fi
cargo build --release --locked -p agora
exec python3 bench/run.py "$@"
