package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.entries.Counts;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a bundle says about itself, derived again from its artifacts while they are read. */
final class DerivedFiles implements Closeable {
    private static final int PEM_MAX = 8 << 10;

    private final BundleFiles files;
    private final Findings findings;
    private final Manifest manifest;
    private final LogDeclaration log;
    private final PopulationFile population;
    private final ReportFile report;
    private final @Nullable SampleCheck sample;
    private long rows;

    DerivedFiles(BundleFiles files, Findings findings, Manifest manifest, LogDeclaration log) throws IOException {
        this.files = files;
        this.findings = findings;
        this.manifest = manifest;
        this.log = log;
        this.population = new PopulationFile(files, findings);
        this.report = new ReportFile(files, findings);
        this.sample = SampleCheck.of(manifest);
    }

    /** Each artifact in order; one that cannot be read is a failure of an earlier layer. */
    void see(Statement statement, PopulationFile.Row row) throws IOException {
        rows++;
        population.row(row);
        report.row(row.cells());
        if (sample != null) {
            sample.see(statement);
        }
    }

    /**
     * After the last artifact; only what every artifact was seen for can be compared to its end. The numbers of manifest.json
     * come first, because a wrong one is in the data of report.html as well.
     *
     * @param head null if the checkpoint could not be read
     */
    void finish(@Nullable Checkpoint head, Counts counts, boolean complete) throws IOException {
        if (head != null && head.size() != manifest.checkpointSize()) {
            compare("checkpointSize", manifest.checkpointSize(), head.size());
        }
        if (!complete || rows != manifest.count()) {
            return;
        }
        compare("countByType", text(manifest.countByType()), text(counts.byType()));
        compare("countByOutcome", text(manifest.countByOutcome()), text(counts.byOutcome()));
        Digest csv = population.finish();
        if (csv != null) {
            report.finish(ReportData.head(
                    log, manifest.checkpointSize(), manifest.first(), manifest.last(), manifest.count(), counts, csv));
        }
        if (sample != null) {
            sample.conclude(findings);
        }
    }

    /** The layer's answer. */
    void conclude(KeyRing keys) throws IOException {
        for (String name : files.names()) {
            if (name.startsWith(BundleNames.KEYS)) {
                checkKey(name, keys);
            }
        }
        findings.conclude(LayerResult.valid(Layer.DERIVED, detail()));
    }

    private String detail() throws IOException {
        List<String> checked = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (String name : List.of(BundleNames.POPULATION, BundleNames.REPORT)) {
            (files.has(name) ? checked : absent).add(name);
        }
        checked.add("manifest counts");
        if (files.has(BundleNames.ENVELOPES)) {
            checked.add("envelopes");
        }
        checked.add("key files");
        if (sample != null) {
            checked.add("the sample drawn again");
        }
        StringBuilder out = new StringBuilder(String.join(", ", checked));
        if (!absent.isEmpty()) {
            out.append("; ")
                    .append(String.join(" and ", absent))
                    .append(absent.size() == 1 ? " is" : " are")
                    .append(" not in this bundle");
        }
        if (files.has(BundleNames.PAGE)) {
            out.append("; verify.html not checked: compare its SHA-256 with the release page, ")
                    .append(digest(BundleNames.PAGE));
        }
        return out.toString();
    }

    private Digest digest(String name) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = files.open(name)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sha256.update(buffer, 0, count);
            }
        }
        return Digest.finish(sha256);
    }

    void addProven(List<String> proven) {
        if (sample != null) {
            proven.add("the sample is the one that seed " + sample.draw().seed() + " draws from entries "
                    + sample.draw().first() + "–" + (sample.draw().end() - 1));
        }
    }

    void addNotProven(List<String> open) {
        if (manifest.query().kind() != Manifest.Kind.FILTER || sample != null) {
            return;
        }
        open.add("that the selection is complete");
        if (String.valueOf(manifest.query().text()).contains("--sample ")) {
            open.add("that the draw of the sample is the one its seed gives (not checked)");
        }
    }

    private static String text(Json.Obj json) {
        return json.bytes().utf8();
    }

    private void compare(String member, Object said, Object derived) {
        if (!said.equals(derived)) {
            findings.add(
                    Layer.DERIVED,
                    FindingName.COUNT_MISMATCH,
                    BundleNames.MANIFEST,
                    "manifest.json says " + member + " " + said + ", the artifacts give " + derived);
        }
    }

    private void checkKey(String name, KeyRing keys) throws IOException {
        String hex = name.substring(BundleNames.KEYS.length(), Math.max(BundleNames.KEYS.length(), name.length() - 4));
        try {
            DeclaredKey key = keys.declared(KeyId.fromHex(hex)).orElse(null);
            if (key == null
                    || files.size(name) > PEM_MAX
                    || !files.read(name, PEM_MAX).equals(Bytes.utf8(key.pem()))) {
                findings.add(
                        Layer.DERIVED,
                        FindingName.COUNT_MISMATCH,
                        name,
                        name + " is not a key that " + log.origin() + " declared");
            }
        } catch (IllegalArgumentException notHex) {
            findings.add(
                    Layer.DERIVED,
                    FindingName.MALFORMED,
                    name,
                    name + " is not named by a key: " + notHex.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        population.close();
        report.close();
    }
}
