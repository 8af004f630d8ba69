#!/usr/bin/env bash
# Writes the published vectors anew into vectors/. They follow from a seed: the same sources give the same files.
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -q -B -Dquick -DskipTests -pl testkit -am package dependency:build-classpath -Dmdep.outputFile=target/class-path -Dmdep.includeScope=runtime
rm -f vectors/*.json
exec java -cp "testkit/target/classes:$(<testkit/target/class-path)" dev.terraseal.testkit.mutation.VectorPack vectors
