package dev.terraseal.witness;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.core.witness.SplitView;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.local.LocalKeyFile;
import dev.terraseal.keys.local.LocalKeys;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import dev.terraseal.store.directory.DirectoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a witness remembers, in a directory that one process has at a time:
 *
 * <pre>
 * lock                        who has it
 * name                        the name it cosigns under
 * keys/witness-….pem          its key
 * logs/&lt;SHA-256 of the origin&gt;/checkpoint
 *                             the newest note it cosigned, with its line: written and on disk before anybody is answered
 * split-views/….json          proofs that a log showed two histories
 * </pre>
 *
 * A witness whose directory is put back from an older copy may cosign a second history, so none is ever put back: where it
 * is lost a new one begins, with a new key.
 */
public final class StateDirectory implements AutoCloseable {
    private static final String NAME = "name";
    private static final String KEYS = "keys";
    private static final String LOGS = "logs";

    private final Path root;
    private final DirectoryStore files;
    private final FileChannel channel;
    private final MessageSigner signer;

    private StateDirectory(Path root, DirectoryStore files, FileChannel channel, MessageSigner signer) {
        this.root = root;
        this.files = files;
        this.channel = channel;
        this.signer = signer;
    }

    /**
     * Takes the directory, which is made if there is none; an empty one gets a key.
     *
     * @throws IOException if another process has it, if it is another witness's, or if it was only half put back
     */
    public static StateDirectory open(Path directory, String name, KeyUse use, SecureRandom random)
            throws IOException, KeyUnavailableException {
        Path root = directory.toAbsolutePath().normalize();
        DirectoryStore files = DirectoryStore.open(root);
        FileChannel channel = FileChannel.open(
                root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            take(root, channel);
            Path key = key(root, files, name, use, random);
            LocalKeyFile file = new LocalKeyFile(key);
            MessageSigner signer = file.signer(List.of(file.declaration(use, Algorithm.ED25519_SHA_512)));
            return new StateDirectory(root, files, channel, signer);
        } catch (IOException | KeyUnavailableException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    private static void take(Path root, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException(
                    "the state directory " + root + " is in use by "
                            + Files.readString(root.resolve("lock")).strip()
                            + ": two processes with one memory could cosign two histories. Stop that one, or give this one another");
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
        channel.force(true);
    }

    private static Path key(Path root, DirectoryStore files, String name, KeyUse use, SecureRandom random)
            throws IOException {
        Optional<Bytes> known = files.readNewest(NAME);
        Path keys = root.resolve(KEYS);
        List<Path> there = pemFiles(keys);
        if (known.isPresent()) {
            String before = known.get().utf8().strip();
            if (!before.equals(name)) {
                throw new IOException("the state directory " + root + " is that of witness " + before + ", not of "
                        + name + ": a witness keeps its name; give witness.name=" + before + ", or another directory");
            }
            if (there.size() != 1) {
                throw new IOException(
                        "the witness's key is missing from " + keys + " (" + there.size()
                                + " files there): put the file back, or begin anew in an empty directory and tell the logs the new key");
            }
            return there.get(0);
        }
        if (there.isEmpty() && Files.isDirectory(root.resolve(LOGS))) {
            throw new IOException("the state directory " + root
                    + " remembers logs and has no name or key: it was put back in part. Begin anew in an empty directory,"
                    + " and tell the logs the new key");
        }
        if (there.isEmpty()) {
            SoftKey key = SoftKey.newEd25519(random);
            DeclaredKey declared = DeclaredKey.of(use, Algorithm.ED25519_SHA_512, key.spki());
            // Refuses a name that no note key can have, before anything is written.
            VerifierKey.ofCosigner(name, declared);
            new LocalKeys(keys).store(List.of(new SoftSigner(declared, key)));
        }
        // After the key: a crash between the two leaves a key that nobody knows yet, and it is taken.
        files.replace(NAME, Bytes.utf8(name + "\n"));
        return pemFiles(keys).get(0);
    }

    private static List<Path> pemFiles(Path keys) throws IOException {
        if (!Files.isDirectory(keys)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(keys)) {
            return all.filter(each -> each.toString().endsWith(".pem")).sorted().toList();
        }
    }

    public MessageSigner signer() {
        return signer;
    }

    /** The directory itself. */
    public Path root() {
        return root;
    }

    /** How the protocol names a log in paths. */
    static String hash(String origin) {
        return Digest.of(Bytes.utf8(origin)).hex();
    }

    Optional<Bytes> newest(String origin) throws StoreException {
        return files.readNewest(checkpoint(origin));
    }

    /** On disk, with its name, when this returns; a crash leaves the note before or this one. */
    void remember(String origin, Bytes note) throws StoreException {
        files.replace(checkpoint(origin), note);
    }

    private static String checkpoint(String origin) {
        return LOGS + "/" + hash(origin) + "/checkpoint";
    }

    /** Keeps a proof, once; returns where it is. */
    Path keep(String origin, SplitView proof) throws StoreException {
        Bytes content = proof.bytes();
        String name = "split-views/" + hash(origin).substring(0, 16) + "-"
                + Digest.of(content).hex().substring(0, 16) + ".json";
        files.keep(name, content, Instant.MAX, Validity.equalTo(content));
        return root.resolve(name);
    }

    @Override
    public void close() throws IOException {
        // With the channel goes the lock.
        channel.close();
    }
}
