#!/usr/bin/env bash
# Runs the shop in containers: run.sh AGORA CACHE
#
# AGORA is the program under test. CACHE is a directory that keeps the root file systems of the engine
# and of the base images for the next run. `possible.sh` says whether this can work here.
#
# Nothing is pulled and nothing is published: the engine lives in namespaces of its own, whose only
# network is their loopback. When its first process ends, so does everything in it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

agora=$(realpath "$1")
mkdir -p "$2"
cache=$(realpath "$2")
shift 2
checkout=$(realpath ../..)
state='' engine=''
# What the engine's control groups are called, in each hierarchy.
cgroup=agora-containers-$$

clean_up() {
  local status=$?
  trap '' EXIT INT TERM
  if [[ -n $engine ]]; then
    kill -KILL "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
  fi
  nothing_is_left || status=1
  exit "$status"
}

# Removes what outlives the namespaces, and fails if anything of it stays.
nothing_is_left() {
  [[ -n $state ]] || return 0
  local deadline=$((SECONDS + 10)) left
  while :; do
    rm -rf --one-file-system "$state" 2>/dev/null || true
    remove_cgroups "$cgroup"
    left=$(find "$state" -maxdepth 0 2>/dev/null || true
      find /sys/fs/cgroup -type d -name "$cgroup" 2>/dev/null || true
      grep -F "$state" /proc/self/mountinfo || true
      grep -lsF "$cgroup" /proc/[0-9]*/cgroup || true)
    [[ -n $left ]] || return 0
    ((SECONDS < deadline)) || break
    sleep 0.1
  done
  printf 'left behind:\n%s\n' "$left" >&2
  return 1
}

# Removes the empty control groups of a name, and those below them.
remove_cgroups() {
  find /sys/fs/cgroup -depth -type d -path "*/$1*" -exec rmdir {} + 2>/dev/null || true
}

# The files of a clone with nothing prepared, with what is not committed yet.
clone() {
  mkdir -p "$1"
  git -C "$checkout" ls-files -z --cached --others --exclude-standard -- . ':!/.env' |
    (cd "$checkout" && while IFS= read -r -d '' file; do
      [[ ! -e $file ]] || printf '%s\0' "$file"
    done) |
    tar --create --directory "$checkout" --null --files-from - |
    tar --extract --directory "$1" --no-same-owner
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Two runs would make the same root file systems.
exec {lock}>"$cache/lock"
flock "$lock"
start=$SECONDS
./roots.sh "$cache/roots"
echo "  the root file systems are there after $((SECONDS - start)) s"
# What a run that was killed has left.
rm -rf --one-file-system "$cache"/run.*
remove_cgroups 'agora-containers-*'
state=$(mktemp -d "$cache/run.XXXXXX")
clone "$state/shared/agora"
strip -o "$state/shared/agora-under-test" "$agora"
chmod 0755 "$state/shared/agora-under-test"
# However this script ends, the engine ends too.
setpriv --pdeathsig KILL \
  unshare --net --mount --pid --ipc --uts --fork --kill-child=KILL \
  ./engine.sh "$cache/roots/docker-26" "$state" "$cgroup" \
  python3 -B /srv/containers/check "$@" &
engine=$!
status=0
wait "$engine" || status=$?
engine=''
exit "$status"
