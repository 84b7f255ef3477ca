#!/bin/sh
# Becomes ready like Agora: finds its files among the arguments, counts its starts, and waits.
echo "started: $*"
while [ $# -gt 0 ]; do
  case $1 in
    --ready-file) ready=$2 ;;
    --data-dir) data=$2 ;;
    verify) echo "verified $*"; exit 3 ;;
    --refuse) echo "port 1 is taken: choose another with --port" >&2; exit 1 ;;
  esac
  shift
done
mkdir -p "$data"
echo start >>"$data/starts"
trap 'exit 0' TERM
echo "{\"graphql\": \"$URL\", \"graphiql\": \"$URL/ui\", \"rest\": {\"user\": \"$URL/user\"}}" >"$ready"
[ -p "$data/never" ] || mkfifo "$data/never"
read -r _ <>"$data/never"
