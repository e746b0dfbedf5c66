#!/bin/sh
# Run by `unshare --mount`: a /run and /var/log of its own, and a journald in them. Words on standard input start
# and kill it; when that ends, whoever ran this is gone, and journald ends with it.
set -eu
journald=$1
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/log
mkdir -p /run/systemd/journal /run/systemd/journald.conf.d
# Small files, so that many entries rotate them. Neither the kernel's log nor its audit is touched.
cat >/run/systemd/journald.conf.d/zz-test.conf <<'END'
[Journal]
Storage=auto
RateLimitIntervalSec=0
RateLimitBurst=0
RuntimeMaxFileSize=4M
ReadKMsg=no
Audit=
ForwardToSyslog=no
ForwardToKMsg=no
ForwardToConsole=no
ForwardToWall=no
END
pid=
end() {
  if [ -n "$pid" ]; then
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null || true
  fi
  pid=
}
echo ready
while read -r word; do
  case $word in
    start)
      "$journald" >/dev/null 2>&1 </dev/null &
      pid=$!
      echo started
      ;;
    kill)
      end
      echo killed
      ;;
  esac
done
end
