#!/usr/bin/env bash
# Runs literally, in order, the sh blocks of the README and of docs/for-auditors.md that follow a line <!-- run --> or
# <!-- run: 4 -->; the number is the exit code the block has to end with. The README's run in this checkout; an auditor's
# on a desk with a bundle, its genesis in a file, and the command on the path.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# blocks FILE DIRECTORY: writes each block to run, and what it has to end with. A mark that no ```sh follows at once, or
# that is written in another way, would leave its block out, or run another one.
blocks() {
  mkdir -p "$2"
  awk -v dir="$2" -v name="$1" '
    function wrong(what) { printf "%s:%d: %s\n", name, NR, what; bad = 1; exit 1 }
    pending && !/^ *```sh$/       { wrong("after a mark to run comes a line \"```sh\", and not: " $0) }
    /^ *<!-- run(: [0-9]+)? -->$/ { want = $0; gsub(/[^0-9]/, "", want); if (want == "") want = 0; pending = 1; next }
    /<!-- *run/                   { wrong("a mark is a line <!-- run --> or <!-- run: 4 -->, and not: " $0) }
    pending                       { file = sprintf("%s/%02d.sh", dir, ++n); print want > (file ".want"); pending = 0; next }
    /^ *```$/                     { file = ""; next }
    file != ""                    { print > file }
    END { if (!bad && pending) wrong("a mark with nothing to run below it"); exit bad }
  ' "$1"
}

ran=0
# run NAME BLOCKS PLACE: runs them in a place.
run() {
  local before=$ran block wanted code
  for block in "$2"/*.sh; do
    [ -f "$block" ] || break
    wanted=$(cat "$block.want")
    echo "$1: $(head -n 1 "$block")"
    code=0
    (cd "$3" && bash -eu "$block") || code=$?
    if [ "$code" != "$wanted" ]; then
      echo "$1: the block ended with $code, and it says $wanted"
      exit 1
    fi
    ran=$((ran + 1))
  done
  [ "$ran" -gt "$before" ] || { echo "$1: no block is marked to be run"; exit 1; }
}

blocks "$home/README.md" "$work/readme"
run readme "$work/readme" "$home"

desk="$work/desk"
mkdir "$desk"
cp -r "$home/examples/demo" "$desk/acme-2026q3"
cp "$home/examples/demo.genesis" "$desk/acme.genesis"
export PATH="$home:$PATH"
blocks "$home/docs/for-auditors.md" "$work/auditors"
run for-auditors "$work/auditors" "$desk"
echo "$ran blocks ran as README and for-auditors say"
