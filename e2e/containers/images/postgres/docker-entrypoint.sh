#!/bin/bash
# Does what the entry point of the official image does for one who runs it as `postgres`.
set -euo pipefail

if [[ ${1:-} != postgres ]]; then exec "$@"; fi
mkdir -p "$PGDATA"
chmod 0700 "$PGDATA" || :

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  if [[ -z ${POSTGRES_PASSWORD:-} ]]; then
    echo "Error: Database is uninitialized and superuser password is not specified." >&2
    exit 1
  fi
  initdb --username="${POSTGRES_USER:-postgres}" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD")
  printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  # Nothing but the socket, until the database is there.
  pg_ctl --wait --options "-c listen_addresses=''" start
  psql --username="${POSTGRES_USER:-postgres}" --dbname=postgres --no-psqlrc \
    --command="create database \"${POSTGRES_DB:-postgres}\""
  pg_ctl --wait --mode=fast stop
fi
exec postgres -c listen_addresses='*' "${@:2}"
