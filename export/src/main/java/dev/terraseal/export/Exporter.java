package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes bundles (FORMATS section 8) from an archive. What is exported is what is under the newest checkpoint. Nothing is
 * ever overwritten, and the name that was asked for appears only when the bundle under it is whole. Not safe for
 * concurrent use.
 */
public final class Exporter {
    private final ArchiveReader archive;
    private final MessageSigner exportKey;
    private final SignatureChecker checker;
    private final InstantSource clock;
    private final String version;
    private final Progress progress;
    private final Map<String, Bytes> docs;

    /** Without {@code docs/} in its bundles. */
    public Exporter(
            ArchiveReader archive,
            MessageSigner exportKey,
            SignatureChecker checker,
            InstantSource clock,
            String version,
            Progress progress) {
        this(archive, exportKey, checker, clock, version, progress, Map.of());
    }

    /**
     * @param exportKey seals the bundle: P-256, or RSA with PKCS#1, so that {@code openssl dgst -verify} can check it
     * @param version of this program, for the manifest
     * @param docs what comes in {@code docs/}, by name below it: this program's own, for nothing shows whose those in an
     *     archive are
     */
    public Exporter(
            ArchiveReader archive,
            MessageSigner exportKey,
            SignatureChecker checker,
            InstantSource clock,
            String version,
            Progress progress,
            Map<String, Bytes> docs) {
        Algorithm algorithm = exportKey.key().algorithm();
        if (exportKey.key().use() != KeyUse.EXPORT
                || algorithm != Algorithm.ECDSA_SHA_256 && algorithm != Algorithm.RSASSA_PKCS1_V1_5_SHA_256) {
            throw new IllegalArgumentException("key " + exportKey.key().keyid() + " is "
                    + exportKey.key().use().text() + " " + algorithm
                    + "; a bundle is sealed by an export key, P-256 or RSA with PKCS#1 v1.5");
        }
        this.archive = archive;
        this.exportKey = exportKey;
        this.checker = checker;
        this.clock = clock;
        this.version = version;
        this.progress = progress;
        this.docs = new TreeMap<>(docs);
    }

    /**
     * Writes one bundle.
     *
     * @throws ExportException if what was asked for cannot be exported; the message says what to do
     * @throws StoreException if the archive does not answer
     * @throws IOException if the bundle cannot be written; nothing is left behind but a hidden directory if the process
     *     is killed
     */
    public Exported export(ExportRequest request) throws ExportException, IOException, SigningException {
        Path out = request.out().toAbsolutePath();
        Publication.requireFree(out);
        Path parent = out.getParent();
        if (parent == null) {
            throw ExportException.asked(out + " is no place for a bundle");
        }
        Files.createDirectories(parent);
        Path working = parent.resolve("." + out.getFileName() + ".partial-" + UUID.randomUUID());
        Files.createDirectory(working);
        try {
            Exported written = new BundleExport(archive, exportKey, checker, clock, version, progress, docs)
                    .write(request, working);
            return finish(request, written, working, out);
        } catch (ProofException broken) {
            throw broken(broken);
        } catch (ProvenSegments.BrokenTreeException broken) {
            throw broken(broken.proof());
        } catch (UncheckedIOException unanswered) {
            throw unanswered.getCause();
        } finally {
            if (Files.exists(working)) {
                ZipPacker.delete(working);
            }
        }
    }

    private static ExportException broken(ProofException proof) {
        return ExportException.broken(
                "the archive does not hold together: " + proof.getMessage()
                        + "; check it with 'terraseal verify ARCHIVE'",
                proof);
    }

    private Exported finish(ExportRequest request, Exported written, Path working, Path out)
            throws IOException, ExportException {
        if (!request.wantsZip()) {
            return moved(written, working, out, null);
        }
        String whyNot = ZipPacker.whyNot(working);
        if (whyNot != null) {
            String name = out.getFileName().toString();
            Path directory = out.resolveSibling(name.substring(0, name.length() - ".zip".length()));
            Publication.requireFree(directory);
            return moved(written, working, directory, whyNot);
        }
        Path packed = out.resolveSibling("." + out.getFileName() + ".partial-" + UUID.randomUUID());
        try {
            progress.at("packing", 0, 1);
            ZipPacker.pack(working, packed);
            Publication.file(packed, out);
        } finally {
            Files.deleteIfExists(packed);
        }
        return at(written, request.out(), null);
    }

    private static Exported moved(
            Exported written, Path working, Path out, @org.jspecify.annotations.Nullable String whyNot)
            throws IOException, ExportException {
        Publication.directory(working, out);
        return at(written, out, whyNot);
    }

    private static Exported at(Exported written, Path out, @org.jspecify.annotations.Nullable String whyNot) {
        return new Exported(
                out,
                written.genesis(),
                written.first(),
                written.last(),
                written.count(),
                written.checkpointSize(),
                written.remarks(),
                whyNot);
    }
}
