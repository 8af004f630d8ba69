#!/usr/bin/env bash
# More seeds than the default run: simulate.sh [SEEDS] [FROM]. Without FROM others every day. Prints the table of what was
# covered; a violation names the seed that repeats it.
set -euo pipefail
cd "$(dirname "$0")/.."
seeds=${1:-50000} from=${2:-$(($(date +%s) / 86400 * 1000000))}
echo "simulate: $seeds seeds from $from (repeat with: ./build/simulate.sh $seeds $from)"
code=0
mvn -q -B -Dquick -pl simulation -am verify -DargLine="-XX:+UseSerialGC -Xmx1g -Dterraseal.seeds=$seeds -Dterraseal.from=$from" \
  -Dsurefire.failIfNoSpecifiedTests=false -Dtest='dev.terraseal.simulation.SimulationTest#everySeed*' || code=$?
cat simulation/target/surefire-reports/*SimulationTest-output.txt
exit $code
