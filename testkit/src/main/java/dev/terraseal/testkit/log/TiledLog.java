package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteSigner;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.merkle.Proofs;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.core.tiles.GrowingTiles;
import dev.terraseal.core.tiles.TileFile;
import dev.terraseal.core.tiles.TileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A log that follows C2SP in a directory of its own: tiles, entry bundles, {@code checkpoint}, and every head it ever
 * signed in {@code checkpoints/<size>}. Partial tiles of older sizes stay.
 */
public final class TiledLog {
    public static final LogOrigin ORIGIN = new LogOrigin("log.example/test");

    private final Path directory;
    private final SeededSigner signer = new SeededSigner(KeyUse.LOG, 1);
    private final GrowingTiles tiles = new GrowingTiles();
    private final List<Bytes> entries = new ArrayList<>();

    public TiledLog(Path directory) {
        this.directory = directory;
    }

    public Path directory() {
        return directory;
    }

    public VerifierKey key() {
        return VerifierKey.ofLog(ORIGIN, signer.key());
    }

    public Bytes entry(int index) {
        return entries.get(index);
    }

    public long size() {
        return tiles.size();
    }

    public void append(Bytes entry) {
        tiles.append(entry);
        entries.add(entry);
    }

    /** Writes what the present size has, the checkpoint last, and returns that. */
    public SignedNote publish() {
        try {
            for (TileFile file : tiles.takeFull()) {
                write(file.path().path(), file.content());
            }
            for (TileFile file : tiles.partials()) {
                write(file.path().path(), file.content());
            }
            SignedNote note = NoteSigner.sign(new Checkpoint(ORIGIN, tiles.size(), tiles.root()), signer);
            write("checkpoints/" + tiles.size(), note.bytes());
            write("checkpoint", note.bytes());
            return note;
        } catch (SigningException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void write(String name, Bytes content) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, content.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes proofs about the tree of {@code size} from the files. */
    public Proofs proofs(long size) {
        TileReader reader = new TileReader(
                path -> {
                    Path file = directory.resolve(path);
                    try {
                        return Files.exists(file) ? Bytes.wrap(Files.readAllBytes(file)) : null;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                size);
        return new Proofs(reader, size);
    }

    /** The proof file of an entry under the head {@code note} of {@code size}. */
    public TlogProof proof(long index, long size, SignedNote note) throws ProofException {
        return new TlogProof(index, proofs(size).inclusion(index), note);
    }
}
