#!/usr/bin/env bash
# Runs literally, in order, the README's sh blocks that follow a line <!-- run --> or <!-- run: 4 -->; the number is the
# exit code the block has to end with.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

awk -v dir="$work" '
  /^<!-- run(: [0-9]+)? -->$/ { want = $0; gsub(/[^0-9]/, "", want); if (want == "") want = 0; pending = 1; next }
  pending && /^```sh$/        { file = sprintf("%s/%02d.sh", dir, ++n); print want > (file ".want"); pending = 0; next }
  /^```$/                     { file = ""; next }
  file != ""                  { print > file }
' "$home/README.md"

ran=0
for block in "$work"/*.sh; do
  [ -f "$block" ] || break
  wanted=$(cat "$block.want")
  echo "readme: $(head -n 1 "$block")"
  code=0
  (cd "$home" && bash -eu "$block") || code=$?
  if [ "$code" != "$wanted" ]; then
    echo "readme: the block ended with $code, and the README says $wanted"
    exit 1
  fi
  ran=$((ran + 1))
done
[ "$ran" -gt 0 ] || { echo "readme: no block is marked to be run"; exit 1; }
echo "readme: $ran blocks ran as the README says"
