#!/usr/bin/env bash
# Starts a Docker engine and runs a command beside it: engine.sh ROOT STATE CGROUP COMMAND…
#
# Expects to be process 1 of its own network, mount, process, IPC and host name namespaces. ROOT is the
# engine's root file system and is not changed. In it, /srv/state is STATE/shared, /srv/roots is the folder
# of ROOT, and /srv/containers is the folder of this script. The control groups of all containers are
# below one that is named CGROUP.
set -euo pipefail

root=$1 state=$2 cgroup=$3
shift 3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly START_TIMEOUT_S=20
readonly DATA_KIB=$((6 * 1024 * 1024))
readonly MEMORY_NEEDED_KIB=$((2 * DATA_KIB))

# Mounts what the engine sees as its system on $state/root.
mount_root() {
  local new=$state/root
  mount --make-rprivate /
  mkdir -p "$state"/{root,layer,data,shared}
  mount -t tmpfs -o mode=755 tmpfs "$state/layer"
  mkdir "$state"/layer/{upper,work}
  mount -t overlay overlay "$new" \
    -o "lowerdir=$root,upperdir=$state/layer/upper,workdir=$state/layer/work"
  mkdir -p "$new"/{old,srv/state,srv/containers,srv/roots,var/lib/docker}
  mount -t proc proc "$new/proc"
  mount -t sysfs sysfs "$new/sys"
  mount -t tmpfs -o mode=755 tmpfs "$new/run"
  mount -t tmpfs -o mode=1777 tmpfs "$new/tmp"
  mount --rbind /dev "$new/dev"
  mount_cgroups "$new/sys/fs/cgroup"
  mount_data "$new/var/lib/docker"
  mount --bind "$state/shared" "$new/srv/state"
  mount --bind -o ro "$here" "$new/srv/containers"
  mount --bind -o ro "$(dirname "$root")" "$new/srv/roots"
}

# Where the engine keeps images and volumes: in memory where there is plenty, since databases wait for
# the disk, else on the disk.
mount_data() {
  local available_kib
  available_kib=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  if ((available_kib > MEMORY_NEEDED_KIB)); then
    mount -t tmpfs -o "size=${DATA_KIB}k" tmpfs "$1"
  else
    mount --bind "$state/data" "$1"
  fi
}

# The host's hierarchies: version 2, or version 1 with a controller in each.
mount_cgroups() {
  local controller
  if [[ $(stat --file-system --format %T /sys/fs/cgroup) == cgroup2fs ]]; then
    mount -t cgroup2 cgroup2 "$1"
    return
  fi
  mount -t tmpfs -o mode=755 tmpfs "$1"
  for controller in $(awk '!/^#/ && $4 == 1 { print $1 }' /proc/cgroups); do
    mkdir "$1/$controller"
    mount -t cgroup -o "$controller" cgroup "$1/$controller" 2>/dev/null || rmdir "$1/$controller"
  done
  mkdir "$1/systemd"
  mount -t cgroup -o none,name=systemd cgroup "$1/systemd"
}

start_docker() {
  ip link set lo up
  dockerd --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent="/$cgroup" \
    --ip6tables=false --log-level=warn >/srv/state/dockerd.log 2>&1 &
  local engine=$! deadline=$((SECONDS + START_TIMEOUT_S))
  until docker version >/dev/null 2>&1; do
    if ! kill -0 "$engine" 2>/dev/null || ((SECONDS > deadline)); then
      echo "the Docker engine does not start:" >&2
      tail /srv/state/dockerd.log >&2
      return 1
    fi
    sleep 0.1
  done
}

mount_root
cd "$state/root"
pivot_root . old
umount --lazy /old
cd /
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
start_docker
"$@"
