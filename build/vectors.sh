#!/usr/bin/env bash
# Writes the published vectors anew into vectors/. They follow from a seed: the same sources give the same files.
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -q -B -Dquick -DskipTests -pl testkit -am package
rm -f vectors/*.json
exec java -cp core/target/classes:testkit/target/classes dev.terraseal.testkit.mutation.VectorPack vectors
