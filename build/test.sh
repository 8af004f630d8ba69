#!/usr/bin/env bash
# What `make test` and .ci/run run: mvn verify, and before it, where it may, the Debian packages the fuller tests need.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -f target/missing-tools.txt

missing=()
for tool in go:golang-go openssl:openssl node:nodejs jq:jq chromium:chromium softhsm2-util:softhsm2; do
  command -v "${tool%%:*}" >/dev/null 2>&1 || missing+=("${tool##*:}")
done
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "test: installing ${missing[*]}"
  apt-get update -qq >/dev/null 2>&1 || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
    echo "test: could not install ${missing[*]}; the tests that need them are skipped by name"
fi

# An S3 that enforces Object Lock. Its packages are 60 MB and take about 20 s.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  ./build/ceph.sh install || echo "test: no Ceph; the tests on a real S3 are skipped by name"
fi

# From clean: what the launcher compiled without the checks would count as compiled, and the checks would not run.
# Two modules at a time: most tests wait for a broker or compute in one thread.
exec mvn -B -T 2 "$@" clean verify
