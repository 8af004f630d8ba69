package dev.terraseal.export;

import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.bundle.BundleNames;
import dev.terraseal.verifier.bundle.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * README.txt of a bundle: what it is, and how to check it with tools everybody has. Lines that begin with two spaces are
 * commands, and they work in this bundle once the reader has filled in the genesis: that of the bundle proves nothing.
 */
final class ReadmeText {
    /** Without a hash of the copy here: it would be the packer's word for the packer's file. */
    private static final String PAGE = """

                verify.html verifies in a browser, without a network. Take it from the release page and compare it
                with SHA256SUMS there; the copy in here came from whoever packed the bundle.
                """;

    private final LogDeclaration log;
    private final KeyRing keys;
    private final Manifest manifest;
    private final boolean logKeyChanged;

    /** @param logKeyChanged whether the checkpoint may be signed by another key than the first that log.json declares */
    ReadmeText(LogDeclaration log, KeyRing keys, Manifest manifest, boolean logKeyChanged) {
        this.logKeyChanged = logKeyChanged;
        this.log = log;
        this.keys = keys;
        this.manifest = manifest;
    }

    /**
     * The text.
     *
     * @param page whether verify.html is in the bundle
     * @param stamp the newest time stamp, or null if there is none
     */
    String of(@Nullable Example example, boolean page, StampsExport.@Nullable Newest stamp) {
        return introduction()
                + (page ? PAGE : "")
                + files()
                + (example == null ? batches() : artifact(example))
                + checkpoint()
                + (stamp == null ? "" : time(stamp));
    }

    private String introduction() {
        return """
                An export of the log %1$s: %2$s,
                %3$d of the %4$d entries under its checkpoint. Made %5$s by terraseal %6$s.

                It says that its genesis is
                %7$s
                and whoever packed it wrote that: compare it with the one you got another way.

                report.html is for reading, population.csv for a spreadsheet; artifacts/ is the evidence.

                1. WITH THE VERIFIER

                Get the genesis another way than by this bundle: a signed tag, a DNS record, a contract, the
                phone. Take the verifier from its release page, by its published hash, and not from here. Put the
                genesis into the first line. Then, in this directory:

                  genesis=
                  terraseal verify . --genesis "${genesis:?put in the one you got another way}"

                A work paper (--report FILE) and all else you write belongs outside of this directory: with one
                file more it is no longer what was sealed, and the next verification fails.
                """.formatted(
                        log.origin().value(),
                        scope(),
                        manifest.count(),
                        manifest.checkpointSize(),
                        manifest.made(),
                        manifest.version(),
                        log.genesis());
    }

    private String scope() {
        return switch (manifest.query().kind()) {
            case ALL -> "the whole log";
            case RANGE -> "entries " + manifest.first() + " to " + manifest.last();
            case STREAM -> "one stream and the heads entry that closes it";
            case FILTER -> "a selection, whose completeness is not proven";
        };
    }

    /** Only with the root that the reader got another way: the certificates inside a token prove nothing. */
    private static String time(StampsExport.Newest stamp) {
        return """

                3. WHEN

                A time-stamping authority says that %1$s, a checkpoint that this head continues, existed at
                %2$s. Put the file with the root certificate of the authority you believe, got another way
                and kept outside of this directory, into the first line; where it is there, openssl says
                "Verification: OK". At its own time (-attime), because its certificates may have run out since.

                  root=../root.pem
                  test ! -f "$root" || openssl ts -verify -data %1$s -in %3$s -CAfile "$root" -attime %4$d
                """.formatted(
                        stamp.note(), stamp.time(), stamp.token(), stamp.time().getEpochSecond());
    }

    private static String files() {
        return """

                2. WITHOUT OUR SOFTWARE: bash, openssl 3 and sha256sum

                The log. Put the genesis you got another way into the first line. OK says that log.json, which
                declares the keys, is the one that it names.

                  genesis=
                  echo "${genesis:?put in the one you got another way}  log.json" | sha256sum -c

                The files. "Verified OK" says who packed them, and nothing about the log. After that nothing may
                be printed: a line names a file that was changed, is missing, or was added.

                  openssl dgst -sha256 -verify export_key.pem -signature SHA256SUMS.sig SHA256SUMS
                  sha256sum -c --quiet SHA256SUMS
                  work=$(mktemp -d)
                  find . ! -type d ! -path ./SHA256SUMS ! -path ./SHA256SUMS.sig | cut -c3- | LC_ALL=C sort > $work/found
                  cut -c67- SHA256SUMS | diff - $work/found
                """;
    }

    private static String batches() {
        return """

                Every entry here is signed as part of a batch: its signature line in signatures.jsonl is a path in
                a tree whose root batches.jsonl signs. That takes the verifier, or docs/formats.md section 5.
                """;
    }

    private String artifact(Example example) {
        StringBuilder out = new StringBuilder();
        out.append("\nOne artifact: entry ")
                .append(example.artifact().sequence())
                .append(".\n\n");
        out.append(fetch("artifact", example.artifact()));
        Example.Place next = example.next();
        if (next != null) {
            String link = example.withinStream() ? "\"stream\":{\"id\":\"[^\"]*\"" : "\"chain\":{\"log\":\"[^\"]*\"";
            out.append(fetch("next", next));
            out.append("\nIts hash is the prevHash in entry ")
                    .append(next.sequence())
                    .append(example.withinStream() ? ", the next of its stream" : ", the next one")
                    .append(": OK.\n\n");
            out.append("  prev=$(sed 's/.*").append(link).append(",\"prevHash\":\"\\([0-9a-f]*\\)\".*/\\1/' $next)\n");
            out.append("  echo \"$prev  $artifact\" | sha256sum -c\n");
        }
        return out.append(signature(example)).toString();
    }

    private String fetch(String variable, Example.Place place) {
        if (manifest.shards().isEmpty()) {
            return "  " + variable + "=" + BundleNames.artifact(new SequenceNumber(place.sequence())) + "\n";
        }
        return "  " + variable + "=$work/" + variable + "\n  sed -n " + (place.index() % BundleNames.SHARD + 1) + "p "
                + BundleNames.shard(new SequenceNumber(place.shardFirst())) + " | tr -d '\\n' > $" + variable + "\n";
    }

    private String signature(Example example) {
        Algorithm algorithm =
                keys.declared(example.signer()).map(DeclaredKey::algorithm).orElse(Algorithm.ECDSA_SHA_256);
        boolean declared = log.keys().stream().anyMatch(key -> key.keyid().equals(example.signer()));
        return """

                Its signature (DSSE v1) is over the bytes in $work/signed. The first command that prints something
                says that it holds, the last one prints 1: %2$s.%5$s

                  line=$(grep '"sequence":%1$d,"signatures"' signatures.jsonl)
                  keyid=$(printf '%%s' "$line" | sed 's/.*"signatures":\\[{"keyid":"\\([0-9a-f]*\\)".*/\\1/')
                  sig=$(printf '%%s' "$line" | sed 's/.*"signatures":\\[{"keyid":"[0-9a-f]*","sig":"\\([^"]*\\)".*/\\1/')
                  printf '%%s' "$sig" | base64 -d > $work/signature
                  { printf 'DSSEv1 28 application/vnd.in-toto+json %%d ' "$(wc -c < $artifact)"; cat $artifact; } > $work/signed
                  %3$s
                  spki=$(openssl pkey -pubin -in keys/$keyid.pem -outform DER | base64 | tr -d '\\n')
                  %4$s
                """.formatted(
                        example.artifact().sequence(),
                        declared
                                ? "log.json declares that key for attestations"
                                : "a key event in key-events/ introduced that key, which the verifier checks",
                        verify(algorithm),
                        declared
                                ? "grep -cF \"\\\"spki\\\":\\\"$spki\\\",\\\"use\\\":\\\"attest\\\"\" log.json"
                                : "printf '%s' \"$spki\" | base64 -d | sha256sum | grep -c $keyid",
                        algorithm.isPostQuantum() ? " It takes OpenSSL 3.5 or later, for ML-DSA." : "");
    }

    private static String verify(Algorithm algorithm) {
        String hashed = "openssl dgst -sha256 -verify keys/$keyid.pem";
        String rest = " -signature $work/signature $work/signed";
        return switch (algorithm) {
            case ECDSA_SHA_256, RSASSA_PKCS1_V1_5_SHA_256 -> hashed + rest;
            case RSASSA_PSS_SHA_256 -> hashed + " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32" + rest;
            default ->
                "openssl pkeyutl -verify -pubin -inkey keys/$keyid.pem -rawin -in $work/signed"
                        + " -sigfile $work/signature";
        };
    }

    private String checkpoint() {
        DeclaredKey key = log.keys(KeyUse.LOG).get(0);
        String signed = logKeyChanged || key.algorithm() != Algorithm.ED25519_SHA_512 ? "" : """

                The head of the log, which all entries are under: three lines, and their signature by the key that
                log.json declares for it.

                  head -n 3 checkpoint > $work/head
                  sed -n 5p checkpoint | cut -d ' ' -f 3 | base64 -d | tail -c 64 > $work/headsig
                  openssl pkeyutl -verify -pubin -inkey keys/%1$s.pem -rawin -in $work/head -sigfile $work/headsig
                  echo "%1$s  -" > $work/keyid
                  openssl pkey -pubin -in keys/%1$s.pem -outform DER | sha256sum -c $work/keyid
                  grep -c '"keyid":"%1$s","spki":"[^"]*","use":"log"' log.json
                """.formatted(key.keyid());
        return signed + """

                That the entries lead to that head, that none is missing, and that no key was withdrawn is for the
                verifier: docs/formats.md says how, in every byte.
                """;
    }
}
