package dev.terraseal.keys.local;

import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeyUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The private keys in one directory, {@code <use>-<first 16 characters of the key id>.pem} each. The name finds a file;
 * the key inside decides.
 */
public final class LocalKeys implements KeySource {
    private final Path directory;

    public LocalKeys(Path directory) {
        this.directory = directory;
    }

    /** Not offered: a directory holds keys of many uses, and only a log says which of them count. */
    @Override
    public DeclaredKey declaration(KeyUse use, @Nullable Algorithm algorithm) throws KeyUnavailableException {
        throw new KeyUnavailableException("the key directory " + directory + " does not say which " + use.text()
                + " key to declare; give the path of one key file");
    }

    @Override
    public MessageSigner signer(List<DeclaredKey> declared) throws KeyUnavailableException {
        for (DeclaredKey key : declared) {
            Path file = fileOf(key);
            if (Files.exists(file)) {
                return bind(file, key);
            }
        }
        throw new KeyUnavailableException("none of the declared keys is in " + directory + ": "
                + declared.stream()
                        .map(key -> fileOf(key).getFileName().toString())
                        .collect(Collectors.joining(", "))
                + "; restore the file from your copy, or name its directory");
    }

    /** Where the private half of {@code key} lies, or would. */
    public Path fileOf(DeclaredKey key) {
        return directory.resolve(key.use().text() + "-" + key.keyid().hex().substring(0, 16) + ".pem");
    }

    /**
     * Writes new keys, each to its own file in this directory, which is created with mode 0700 if need be. All are on
     * the disk when this returns; a key that is already there is an error.
     */
    public void store(List<SoftSigner> keys) throws IOException {
        PrivateKeyFile.createDirectory(directory);
        for (SoftSigner key : keys) {
            PrivateKeyFile.write(fileOf(key.key()), key.privateHalf());
        }
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static MessageSigner bind(Path file, DeclaredKey key) throws KeyUnavailableException {
        try {
            return new SoftSigner(key, PrivateKeyFile.read(file));
        } catch (IllegalArgumentException another) {
            throw new KeyUnavailableException(
                    "private key " + file + " holds another key than its name says: " + another.getMessage()
                            + "; restore the right file from your copy",
                    another);
        }
    }

    @Override
    public void close() {
        // Files are open only while they are read.
    }
}
