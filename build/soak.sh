#!/usr/bin/env bash
# Long runs. soak.sh [EVENTS] [SEED]: up under load, killed three times, everything checked afterwards.
# soak.sh restart [ENTRIES] [ROUNDS]: kill -9 and orderly stop, in turn, of a log of so many entries, calm and under the pressure of
# twenty producers; the log lies in target/restart (or $TERRASEAL_RESTART_DATA) and is grown once and kept.
# soak.sh archiver [KILLS] [SEED]: kill -9 of the archiver on a Ceph RGW, then the store away for a minute, busy, slow, cut.
# soak.sh chaos [ROUNDS] [SEED] [DISASTER,…]: three brokers, Ceph and every service struck by one disaster after another, all audited.
set -euo pipefail
cd "$(dirname "$0")/.."
run() {
  local test=$1
  shift
  mvn -q -B -Dquick -pl e2e -am verify -DargLine="-Xmx3g $*" -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtest="dev.terraseal.e2e.$test" -Dsurefire.printSummary=true
}
if [ "${1:-}" = restart ]; then
  entries=${2:-1000000} rounds=${3:-5} data=${TERRASEAL_RESTART_DATA:-$PWD/target/restart}
  echo "restart: $entries entries, $rounds rounds, data in $data"
  run RestartTest "-Dterraseal.restart.entries=$entries -Dterraseal.restart.rounds=$rounds -Dterraseal.restart.data=$data"
  grep -h '^restart:' e2e/target/surefire-reports/*RestartTest-output.txt
  grep -h 'event=up \|action=ready\|action=start \|signer_ready\|take-up\|ids-complete' "$data/up.log" | tail -n 40
elif [ "${1:-}" = archiver ]; then
  kills=${2:-200} seed=${3:-$(date +%s)}
  echo "archiver: $kills kills on Ceph, seed $seed (repeat with: ./build/soak.sh archiver $kills $seed)"
  TERRASEAL_REQUIRE=ceph run ArchiverOnCephTest "-Dterraseal.kills=$kills -Dterraseal.unreachable=60 -Dterraseal.seed=$seed"
  grep -h '^archiver-on-ceph:' e2e/target/surefire-reports/*ArchiverOnCephTest-output.txt
elif [ "${1:-}" = chaos ]; then
  rounds=${2:-3} seed=${3:-$(date +%s)} which=${4:-all}
  echo "chaos: $rounds rounds of $which, seed $seed (repeat with: ./build/soak.sh chaos $rounds $seed $which)"
  TERRASEAL_REQUIRE=ceph run ChaosTest "-Dterraseal.rounds=$rounds -Dterraseal.chaos=$which -Dterraseal.seed=$seed"
  grep -h '^chaos:' e2e/target/surefire-reports/*ChaosTest-output.txt
else
  events=${1:-1000000} seed=${2:-$(date +%s)}
  echo "soak: $events events, seed $seed (repeat with: ./build/soak.sh $events $seed)"
  run UpCrashTest "-Dterraseal.events=$events -Dterraseal.seed=$seed"
  grep -h '^up-crash:' e2e/target/surefire-reports/*UpCrashTest-output.txt
fi
