#!/usr/bin/env bash
# What people install, in target/dist: the server with its own runtime, the jar for CI runners, the auditor's jar and
# page, and SHA256SUMS. Two runs on one JDK give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.1.0 when=2026-11-22T00:00:00Z
dist=target/dist work=target/dist-work
rm -rf "$dist" "$work"
mkdir -p "$dist" "$work"
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
case "$(uname -m)" in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) arch=$(uname -m) ;; esac

echo "dist: packaging"
mvn -q -B -Dquick -DskipTests -pl cli,page -am package

# One jar of several: classes unpacked side by side, packed again with a fixed time and in the order of names.
merge() { # merge OUT MAIN JAR...
  local out=$1 main=$2 dir
  dir=$(mktemp -d "$work/merge.XXXXXX")
  shift 2
  local jar
  for jar in "$@"; do (cd "$dir" && "$java_home/bin/jar" --extract --file "$jar"); done
  rm -rf "$dir"/META-INF/*.SF "$dir"/META-INF/*.RSA "$dir"/META-INF/MANIFEST.MF "$dir"/module-info.class "$dir"/META-INF/versions/*/module-info.class
  out=$(realpath -m "$out")
  # jar takes a directory's files as the file system happens to list them.
  (cd "$dir" && find . -type f -printf '%P\n' | LC_ALL=C sort > ../files &&
    "$java_home/bin/jar" --create --file "$out" --main-class "$main" --date "$when" @../files)
}

lib=$(pwd)/cli/target/lib
merge "$dist/terraseal-verify.jar" dev.terraseal.verifier.Main "$lib/terraseal-core-$version.jar" "$lib/terraseal-verifier-$version.jar"
merge "$dist/terraseal-run.jar" dev.terraseal.run.RunMain "$lib/terraseal-core-$version.jar" "$lib/terraseal-run-$version.jar" \
  "$lib"/jackson-core-*.jar "$lib"/jackson-databind-*.jar "$lib"/jackson-annotations-*.jar "$lib"/picocli-*.jar

# The page an auditor opens: the same bytes as in every bundle of this release.
cp page/target/classes/dev/terraseal/page/verify.html "$dist/verify.html"

echo "dist: a runtime of its own"
tree=$work/terraseal-$version
mkdir -p "$tree/bin" "$tree/lib" "$tree/docs"
"$java_home/bin/jlink" --output "$tree/runtime" --strip-debug --no-man-pages --no-header-files --compress=2 \
  --add-modules java.se,jdk.httpserver,jdk.unsupported,jdk.crypto.ec,jdk.crypto.cryptoki,jdk.management,jdk.security.auth,jdk.security.jgss,jdk.zipfs,jdk.naming.dns
cp cli/target/lib/*.jar cli/target/terraseal-cli-$version.jar "$tree/lib/"
cp README.md ARCHITECTURE.md CHANGELOG.md "$tree/" && cp -r docs/*.md "$tree/docs/"
cat > "$tree/bin/terraseal" <<'LAUNCH'
#!/bin/sh
home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
# As the checkout's launcher: a JVM in C, or no locale, loses what is not ASCII, and takes one collector only.
case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in
  "" | C | POSIX)
    export TERRASEAL_LC_ALL="${LC_ALL:-}"
    { export LC_ALL=C.UTF-8; } 2>/dev/null
    ;;
esac
collector=-XX:+UseSerialGC
for option in ${TERRASEAL_JAVA_OPTS:-}; do
  case "$option" in -XX:+Use*GC) collector= ;; esac
done
case "${1:-}" in
  verify | tlog) exec "$home/runtime/bin/java" $collector ${TERRASEAL_JAVA_OPTS:-} -cp "$home/lib/*" dev.terraseal.verifier.Main "$@" ;;
esac
heap=$collector
case "${collector:+${1:-}}" in up | ingest | sequencer | signer | archiver | bench) heap="-XX:+UseParallelGC -Xmn400m" ;; esac
case "${1:-}" in run | submit | spool | receipt | rejected | key | trust | topics | doctor) heap="$heap -XX:TieredStopAtLevel=1" ;; esac
case "${TERRASEAL_JAVA_OPTS:-}" in *-Xmx*) heap=${heap% -Xmn400m} ;; esac
exec "$home/runtime/bin/java" $heap -XX:+ExitOnOutOfMemoryError -Xmx1g -Dsun.net.httpserver.nodelay=true -Dsun.net.httpserver.maxReqTime=300 -Dhttp.maxConnections=64 \
  -Djava.awt.headless=true -Djdk.console=java.base ${TERRASEAL_JAVA_OPTS:-} -cp "$home/lib/*" dev.terraseal.cli.Terraseal "$@"
LAUNCH
chmod 755 "$tree/bin/terraseal"
tar --sort=name --mtime="$when" --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w -C "$work" -cf - "terraseal-$version" | gzip -n > "$dist/terraseal-$version-linux-$arch.tar.gz"
(cd "$dist" && sha256sum -- *.html *.jar *.tar.gz > SHA256SUMS)
rm -rf "$work"
ls -l "$dist"
