#!/usr/bin/env bash
# Makes the root file systems that the test runs in: roots.sh DIRECTORY
#
#   docker-26/     a Docker engine with `docker compose` and BuildKit, from Debian 13
#   compose-1.29/  the old docker-compose and a client without BuildKit, from Debian 12
#   base.tar       what the image debian:bookworm-slim is made of
#   postgres.tar   what a stand-in for postgres:17-bookworm has besides
#
# Packages are unpacked and not configured: that takes seconds, and nothing here needs more. What is
# there already is kept.
set -euo pipefail

roots=$1
# A Debian mirror that this machine uses; without one, mmdebstrap has a default.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
  grep -E '/debian/?$' | head -n 1 || true)

# unpack DIRECTORY SUITE PACKAGE…
unpack() {
  local directory=$1 suite=$2
  local log=$directory.log
  shift 2
  rm -rf "$directory"
  mmdebstrap --quiet --mode=root --variant=extract "${@/#/--include=}" \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr "$suite" "$directory" ${mirror:+"$mirror"} \
    >"$log" 2>&1 || {
    tail "$log" >&2
    return 1
  }
  rm -rf "$log" "$directory"/usr/share/{doc,info,man,locale,lintian} "$directory"/var/{cache,lib}/apt
}

# Gives an engine's root what its packages' configuration would.
configure() {
  printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
  printf '%s\n' 'root:x:0:' 'docker:x:999:' >"$1/etc/group"
  printf '%s\n' '127.0.0.1 localhost' >"$1/etc/hosts"
  printf '%s\n' 'hosts: files' >"$1/etc/nsswitch.conf"
  mkdir -p "$1"/{dev,proc,sys,run,tmp,root,old,var/lib/docker,srv/state}
  rm -rf "$1/var/run"
  ln -s ../run "$1/var/run"
}

docker_26() {
  unpack "$1" trixie bash coreutils mount iproute2 iptables python3 \
    docker.io docker-cli docker-compose docker-buildx
  ln -sf xtables-nft-multi "$1/usr/sbin/iptables"
  configure "$1"
}

compose_1_29() {
  unpack "$1" bookworm bash coreutils python3 docker.io docker-compose
  # The engine that it talks to is the other one.
  rm -f "$1"/usr/bin/{containerd*,ctr,runc} "$1"/usr/sbin/{dockerd,runc}
  configure "$1"
}

base() {
  local root=$1.root
  unpack "$root" bookworm '?essential' ca-certificates
  cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
  cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
  # The official image has no certificates, and the image that compiles has.
  cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$1.certificates"
  rm -rf "$root/usr/share/ca-certificates" "$root/dev" "$root/proc" "$root/sys"
  tar --create --file "$1" --directory "$root" .
  rm -rf "$root"
}

postgres() {
  local root=$1.root
  unpack "$root" bookworm postgresql-15
  rm -rf "$root"/{dev,etc,proc,sys,tmp,var} "$root"/usr/share/{i18n,perl*} \
    "$root"/usr/lib/{gcc,llvm-14,postgresql/15/lib/bitcode} \
    "$root"/usr/lib/*-linux-gnu/{gconv,perl*,libperl*,libLLVM*,libz3*}
  tar --create --file "$1" --directory "$root" .
  rm -rf "$root"
}

# make_root NAME FUNCTION: whole or not at all, and again when this script has changed.
make_root() {
  local path=$roots/$1 part
  if [[ -e $path && -e $path.made && $(cat "$path.made") == "$version" ]]; then return; fi
  rm -rf "$path"*
  "$2" "$path.new"
  for part in "$path".new*; do mv "$part" "$path${part#"$path.new"}"; done
  echo "$version" >"$path.made"
}

version=$(sha256sum "${BASH_SOURCE[0]}" | cut -d ' ' -f 1)
mkdir -p "$roots"
# Two at a time: one waits for the network while the other unpacks.
{
  make_root docker-26 docker_26
  make_root base.tar base
} &
first=$!
{
  make_root compose-1.29 compose_1_29
  make_root postgres.tar postgres
} &
second=$!
status=0
wait "$first" || status=1
wait "$second" || status=1
exit "$status"
