#!/usr/bin/env bash
# Says in one line why containers cannot run here, and fails; says nothing and succeeds where they can.
set -euo pipefail

refuse() {
  echo "$1"
  exit 1
}

((EUID == 0)) || refuse "only root may run a container engine of its own"
[[ $(uname -s) == Linux ]] || refuse "containers need Linux"
for command in unshare pivot_root mmdebstrap tar git strip flock; do
  command -v "$command" >/dev/null || refuse "$command is missing"
done
error=$(unshare --net --mount --pid --ipc --uts --fork true 2>&1) ||
  refuse "the kernel refuses namespaces: ${error##*: }"
# What a container is made of, in namespaces of its own.
error=$(unshare --net --mount --pid --ipc --uts --fork bash -c '
  set -e
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/{lower,upper,work,root}
  mount -t overlay overlay -o lowerdir=/mnt/lower,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
' 2>&1) || refuse "the kernel refuses to mount an overlay: ${error##*: }"
