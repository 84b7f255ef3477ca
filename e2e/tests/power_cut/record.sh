#!/bin/sh
# Runs PROGRAM and writes what it asks of the file system to TRACE. The program keeps its process
# id, so that whoever started it can end it.
exec strace -D -f --seccomp-bpf -ttt -y -xx -s 1000000 -o "$TRACE" \
  -e trace=pwrite64,write,pwritev,pwritev2,fsync,fdatasync,ftruncate,unlink,unlinkat,openat,rename \
  "$PROGRAM" "$@"
