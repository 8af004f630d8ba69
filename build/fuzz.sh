#!/usr/bin/env bash
# Coverage-guided fuzzing of every reader of bytes from outside (fuzz/, Jazzer). fuzz.sh [SECONDS each] [TARGET...].
# What it finds new is kept in target/fuzz/TARGET; an input that breaks something is put into fuzz/corpus, to be replayed
# by every later test run. fuzz.sh keep puts some of the small new ones there too.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = keep ]; then
  for kept in target/fuzz/*/; do
    name=$(basename "$kept")
    [ "$name" != found ] || continue
    mkdir -p "fuzz/corpus/$name"
    # Not the inputs in which Jazzer wrote a path of this machine, to see whether it is opened.
    # Grep says by its exit code only whether any line matched.
    find "$kept" -type f ! -name 'right-*' -size -9k -print0 | sort -z | { xargs -0 -r grep -LaE 'jazzer|/tmp/' || true; } |
      awk 'NR % 3 == 1 && kept++ < 30' | xargs -r cp -t "fuzz/corpus/$name"
  done
  exit 0
fi
seconds=${1:-60}
shift || true
echo "fuzz: building, and fetching Jazzer from Maven Central the first time"
mvn -q -B -Dquick -DskipTests -Pjazzer -pl fuzz -am test-compile
path=$(<fuzz/target/class-path)
path="fuzz/target/test-classes:$path:fuzz/target/jazzer/*"
if [ $# = 0 ]; then
  mapfile -t targets < <(sed -n 's/^    \([A-Z_]*\) {$/\1/p' fuzz/src/test/java/dev/terraseal/fuzz/Target.java)
else
  targets=("$@")
fi
failed=0
for target in "${targets[@]}"; do
  name=${target,,}
  kept=target/fuzz/$name corpus=fuzz/corpus/$name
  mkdir -p "$kept" "$corpus" target/fuzz/found
  log=target/fuzz/$name.log
  if ! java -cp "$path" dev.terraseal.fuzz.WriteSeeds "$target" "$kept" > "$log" 2>&1; then
    printf 'fuzz: %-13s HAS NOTHING TO BEGIN WITH; see %s\n' "$target" "$log"
    cat "$log"
    exit 1
  fi
  if java -XX:+UseSerialGC -Xmx1g -cp "$path" -Dterraseal.fuzz="$target" com.code_intelligence.jazzer.Jazzer \
    --target_class=dev.terraseal.fuzz.Fuzz --instrumentation_includes='dev.terraseal.**' --reproducer_path=target/fuzz/found \
    -max_total_time="$seconds" -rss_limit_mb=0 -artifact_prefix="$corpus/found-" "$kept" "$corpus" > "$log" 2>&1; then
    printf 'fuzz: %-13s %s\n' "$target" "$(grep -E '^#[0-9]+.*DONE' "$log" | tail -n 1)"
  else
    failed=1
    printf 'fuzz: %-13s FOUND SOMETHING; see %s\n' "$target" "$log"
    grep -m 3 -E '^== Java|Exception|Error' "$log" || tail -n 5 "$log"
  fi
done
exit $failed
