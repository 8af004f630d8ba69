package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.verifier.entries.Workers;
import dev.terraseal.verifier.files.BundleFiles;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Every file has the digest the seal is over, and there is no other file. */
final class FileHashLayer {
    /** Larger files are not searched for where they differ. */
    private static final int EXPLAINED_MAX = 1 << 20;

    /** A line of SHA256SUMS takes about as long to read as twenty times its bytes to hash. */
    private static final int READING = 20;

    private final BundleFiles files;
    private final Findings findings;
    private final Effort effort;
    private final List<String> names;
    private final FileDigests digests;
    private long hashed;

    /**
     * Begins to hash, so that the seal can be checked meanwhile.
     *
     * @param explaining how many bytes may be hashed, for all files together, to find out where they differ
     */
    FileHashLayer(BundleFiles files, Findings findings, long explaining, Workers workers) {
        this.effort = new Effort(explaining);
        this.files = files;
        this.findings = findings;
        this.names = new ArrayList<>(files.names());
        names.remove(BundleNames.SUMS);
        names.remove(BundleNames.SEAL);
        this.digests = new FileDigests(files, names, workers);
        digests.begin();
    }

    void check() throws IOException {
        for (String odd : files.oddities()) {
            findings.add(
                    Layer.FILE_HASHES,
                    FindingName.STRANGER,
                    odd,
                    "Stranger: " + odd + " is a link, a device or has a name no file of a bundle has");
        }
        try (Sums sums = new Sums(files)) {
            compare(sums);
        } catch (MalformedException malformed) {
            fail(FindingName.MALFORMED, malformed.file(), String.valueOf(malformed.getMessage()));
        }
        findings.conclude(LayerResult.valid(Layer.FILE_HASHES, "All " + hashed + " file hashes valid", ""));
    }

    private void compare(Sums sums) throws IOException {
        Sums.Line line = sums.next();
        for (String name : names) {
            Digest digest = Objects.requireNonNull(digests.next(), "a file for each name");
            while (line != null && line.name().compareTo(name) < 0) {
                missing(line);
                line = sums.next();
            }
            if (line == null || !line.name().equals(name)) {
                fail(FindingName.STRANGER, name, "Stranger: " + name + " is not in SHA256SUMS");
            } else {
                compare(line, digest);
                line = sums.next();
            }
            if (findings.isDecided(Layer.FILE_HASHES)) {
                return;
            }
        }
        while (line != null) {
            missing(line);
            line = sums.next();
        }
    }

    private void missing(Sums.Line line) {
        fail(FindingName.MISSING_FILE, line.name(), "Missing file: " + line.name());
    }

    private void compare(Sums.Line line, Digest digest) throws IOException {
        hashed++;
        String name = line.name();
        if (!digest.equals(line.digest())) {
            fail(FindingName.HASH_MISMATCH, name, "Hash mismatch for " + name, explain(line, digest));
        } else if (!BundleNames.isKnown(name)) {
            fail(
                    FindingName.STRANGER,
                    name,
                    "Stranger: " + name + " is no file this version knows, so it vouches for nothing in it");
        } else if (name.startsWith(BundleNames.ATTACHMENTS)
                && !digest.hex().equals(name.substring(BundleNames.ATTACHMENTS.length()))) {
            fail(
                    FindingName.HASH_MISMATCH,
                    name,
                    "Hash mismatch for " + name,
                    "an attachment is named by its digest; this one has " + digest);
        }
    }

    /** What can be known about a changed file without the unchanged one, as long as there is effort left. */
    private String[] explain(Sums.Line line, Digest found) throws IOException {
        if (effort.isSpent()) {
            return new String[0];
        }
        List<String> parts = new ArrayList<>();
        String other = nameOf(found);
        String neighbours = neighbours(line.name());
        if (other != null) {
            parts.add("it holds the bytes of " + other);
        } else if (files.size(line.name()) <= EXPLAINED_MAX) {
            Bytes bytes = files.read(line.name(), EXPLAINED_MAX);
            FirstDifference.between(bytes, line.digest(), effort).ifPresent(parts::add);
        }
        if (!neighbours.isEmpty()) {
            parts.add(neighbours);
        }
        return parts.isEmpty() ? new String[0] : new String[] {String.join("; ", parts)};
    }

    private @Nullable String nameOf(Digest digest) throws IOException {
        effort.spend(READING * files.size(BundleNames.SUMS));
        try (Sums sums = new Sums(files)) {
            for (Sums.Line line = sums.next(); line != null; line = sums.next()) {
                if (line.digest().equals(digest)) {
                    return line.name();
                }
            }
        }
        return null;
    }

    private String neighbours(String name) throws IOException {
        if (!name.matches("artifacts/[0-9]{20}\\.json")) {
            return "";
        }
        long sequence = SequenceNumber.fromPadded(name.substring(10, 30)).value();
        boolean before = sequence > 0 && holds(new SequenceNumber(sequence - 1));
        boolean after = holds(new SequenceNumber(sequence + 1));
        if (before && after) {
            return "entries " + (sequence - 1) + " and " + (sequence + 1) + " still hold";
        }
        return before || after ? "entry " + (before ? sequence - 1 : sequence + 1) + " still holds" : "";
    }

    private boolean holds(SequenceNumber sequence) throws IOException {
        String name = BundleNames.artifact(sequence);
        if (!files.has(name) || effort.isSpent()) {
            return false;
        }
        effort.spend(READING * files.size(BundleNames.SUMS) + files.size(name));
        try (Sums sums = new Sums(files)) {
            for (Sums.Line line = sums.next(); line != null; line = sums.next()) {
                if (line.name().equals(name)) {
                    return FileDigests.of(files, name).equals(line.digest());
                }
            }
        }
        return false;
    }

    private void fail(FindingName name, String file, String message, String... details) {
        findings.add(Layer.FILE_HASHES, name, file, message, details);
    }
}
