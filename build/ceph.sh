#!/usr/bin/env bash
# A Ceph RGW of one's own on loopback, for tests: an S3 that really enforces Object Lock. No systemd, no manager, no root.
#
#   ceph.sh install                             the Debian packages (root, apt-get)
#   ceph.sh start DIR [memstore|bluestore] [PID]
#       a new cluster in DIR, or the one that is there, with its data if it is bluestore. With PID it stops itself when
#       that process is gone. Prints endpoint=, access= and secret=, one a line, once it answers.
#   ceph.sh stop DIR
#
# DIR should be short: sockets lie in it, and the path of a Unix socket has at most 107 characters.
set -euo pipefail

usage() {
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
}
fail() {
  echo "ceph.sh: $1" >&2
  exit 3
}

PACKAGES="ceph-mon ceph-osd radosgw ceph-common"
PROGRAMS="ceph ceph-mon ceph-osd radosgw radosgw-admin ceph-authtool monmaptool"
ACCESS=TERRASEALTEST
SECRET=terraseal-test-secret

install() {
  for program in $PROGRAMS; do command -v "$program" >/dev/null || break; done
  command -v "$program" >/dev/null && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "$PACKAGES are missing, and installing them takes root and apt-get"
  local begin=$SECONDS
  apt-get update -qq >/dev/null 2>&1 || true
  # Some images have no policy that keeps packages from starting their daemons; nothing here is to run but what `start` starts.
  DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null 2>&1 ||
    fail "apt-get could not install $PACKAGES"
  echo "ceph.sh: installed $PACKAGES in $((SECONDS - begin)) s" >&2
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Three in a row that nobody listens on: the gateway's, and the monitor's two.
free_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 12000))
    listening "$port" || listening $((port + 1)) || listening $((port + 2)) || { echo "$port" && return; }
  done
  fail "no three free ports in a row after 50 tries"
}

configure() {
  local port=$1 store=$2
  cat >ceph.conf <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$((port + 1))/0,v1:127.0.0.1:$((port + 2))/0]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
ms bind ipv6 = false
# cephx stays on: without it radosgw waits 300 s for an answer that never comes.
keyring = $D/keyring
auth allow insecure global id reclaim = false
run dir = $D/run
admin socket = $D/run/\$name.asok
log file = $D/log/\$name.log
crash dir = $D
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 1
[mon.a]
mon data = $D/mon
[osd.0]
osd data = $D/osd
osd objectstore = $store
memstore device bytes = 1073741824
bluestore block size = 4294967296
bluestore block db size = 0
bluestore block wal size = 0
osd memory target = 939524096
[client.rgw.a]
rgw data = $D/rgw
rgw frontends = beast endpoint=127.0.0.1:$port
rgw thread pool size = 32
rgw enable usage log = false
rgw run sync thread = false
CONF
  echo "$port" >port
  echo "$store" >store
}

make_cluster() {
  local port=$1 fsid
  fsid=$(sed -n 's/^fsid = //p' ceph.conf)
  monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]" monmap >/dev/null
  ceph-authtool --create-keyring keyring --gen-key -n mon. --cap mon 'allow *' >/dev/null
  ceph-authtool keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' --cap mds 'allow *' >/dev/null
  ceph-authtool keyring --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' --cap mgr 'allow profile osd' >/dev/null
  ceph-authtool keyring --gen-key -n client.rgw.a --cap mon 'allow rw' --cap osd 'allow rwx' --cap mgr 'allow rw' >/dev/null
  chmod 600 keyring
  ceph-mon --mkfs -i a --monmap monmap --keyring keyring 2>log/mon-mkfs.out
}

# Without a monitor `ceph` and `radosgw-admin` wait for ever.
await() {
  local what=$1
  shift
  for _ in $(seq 300); do
    "$@" && return
    sleep 0.2
  done
  fail "$what after 60 s; see $D/log"
}
osd_up() { timeout 10 ceph --connect-timeout 5 osd stat 2>/dev/null | grep -q ' 1 up'; }
gateway_answers() {
  kill -0 "$(cat rgw.pid)" 2>/dev/null || fail "radosgw ended; see $D/log"
  listening "$(cat port)"
}

daemon() {
  local name=$1
  shift
  setsid "$@" >>"log/$name.out" 2>&1 </dev/null 7>&- 8>&- 9>&- &
  echo $! >"$name.pid"
}

start() {
  local store=${1:-memstore} owner=${2:-} port fresh=no
  for program in $PROGRAMS; do
    command -v "$program" >/dev/null || fail "$program is not installed: build/ceph.sh install"
  done
  mkdir -p "$D"/{mon,osd,rgw,run,log}
  cd "$D"
  export CEPH_CONF=$D/ceph.conf
  [ ! -f rgw.pid ] || ! kill -0 "$(cat rgw.pid)" 2>/dev/null || fail "it runs already in $D"
  if [ ! -f ceph.conf ]; then
    fresh=yes
    configure "$(free_port)" "$store"
    make_cluster "$(cat port)"
  fi
  [ $fresh = yes ] || [ "$(cat store)" = bluestore ] || fail "the cluster in $D was in memory and is gone; give another directory"
  daemon mon ceph-mon -f -i a
  if [ $fresh = yes ]; then
    local id
    id=$(cat /proc/sys/kernel/random/uuid)
    timeout 60 ceph --connect-timeout 30 osd new "$id" >/dev/null || fail "the monitor does not answer; see $D/log"
    ceph-osd -i 0 --mkfs --osd-uuid "$id" 2>log/osd-mkfs.out
  fi
  daemon osd ceph-osd -f -i 0
  await "the object store is not up" osd_up
  daemon rgw radosgw -f -n client.rgw.a
  await "radosgw does not answer" gateway_answers
  if [ $fresh = yes ]; then
    timeout 60 radosgw-admin -n client.rgw.a user create --uid=terraseal --display-name=terraseal \
      --access-key=$ACCESS --secret-key=$SECRET >/dev/null 2>log/admin.out || fail "no user could be made; see $D/log/admin.out"
  fi
  if [ -n "$owner" ]; then
    setsid bash -c 'while kill -0 "$2" 2>/dev/null; do [ -f "$3/rgw.pid" ] || exit 0; sleep 1; done; exec "$1" stop "$3"' \
      watch "$SELF" "$owner" "$D" >/dev/null 2>&1 </dev/null 7>&- 8>&- 9>&- &
  fi
  printf 'endpoint=http://127.0.0.1:%s\naccess=%s\nsecret=%s\n' "$(cat port)" $ACCESS $SECRET
}

# In this order, waiting for each: an object store whose monitor is gone does not stop.
stop() {
  local name pid signal=-TERM
  # What was in memory is lost anyway.
  [ "$(cat "$D/store" 2>/dev/null)" != memstore ] || signal=-KILL
  for name in rgw osd mon; do
    [ -f "$D/$name.pid" ] || continue
    pid=$(cat "$D/$name.pid")
    kill $signal "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$D/$name.pid"
  done
}

SELF=$(realpath "$0")
case "${1:-}" in
  install) install ;;
  start | stop)
    [ $# -ge 2 ] || usage
    D=$(realpath -m "$2")
    command=$1
    shift 2
    "$command" "$@"
    ;;
  *) usage ;;
esac
