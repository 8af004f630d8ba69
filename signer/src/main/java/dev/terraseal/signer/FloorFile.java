package dev.terraseal.signer;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.chain.LogHead;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.signer.check.Floor;
import dev.terraseal.signer.check.RefusedEntryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What this signer signed last, kept beside Kafka so that a topic rolled back to an old copy is noticed: {@code
 * {"entryHash","genesis","size"}}, replaced as a whole. It may lag behind, never lead.
 */
public final class FloorFile {
    private final Path file;
    private final LogDeclaration log;

    public FloorFile(Path file, LogDeclaration log) {
        this.file = file;
        this.log = log;
    }

    /** @throws RefusedEntryException if the file is of another log or cannot be read */
    public Optional<Floor> read() throws IOException, RefusedEntryException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Json.Obj json = CanonicalJson.parseObject(Bytes.wrap(Files.readAllBytes(file)))
                    .requireMembers("entryHash", "genesis", "size");
            if (!json.digest("genesis").equals(log.genesis())) {
                throw new RefusedEntryException(file + " is of the log with genesis " + json.digest("genesis")
                        + ", and this signer signs for " + log.genesis() + ": give it a file of its own");
            }
            return Optional.of(new Floor.ByHash(json.number("size"), json.digest("entryHash"), "the file " + file));
        } catch (IllegalArgumentException malformed) {
            throw new RefusedEntryException(file + " cannot be read (" + malformed.getMessage()
                    + "): restore it, or delete it if terraseal.attestations is known to be whole");
        }
    }

    void write(LogHead signed) throws IOException {
        Bytes content = Json.obj()
                .put("entryHash", signed.newest())
                .put("genesis", signed.genesis())
                .put("size", signed.size())
                .build()
                .bytes();
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = content.asReadOnlyBuffer();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
