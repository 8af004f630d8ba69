package dev.terraseal.keys.local;

import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.MessageSigner;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeyUnavailableException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One private key in a file the operator named. It is read again for each call, so a mended file needs no restart. */
public final class LocalKeyFile implements KeySource {
    private final Path file;

    public LocalKeyFile(Path file) {
        this.file = file;
    }

    @Override
    public DeclaredKey declaration(KeyUse use, @Nullable Algorithm algorithm) throws KeyUnavailableException {
        SoftKey key = PrivateKeyFile.read(file);
        Algorithm chosen = algorithm == null ? key.algorithms().get(0) : algorithm;
        if (!key.algorithms().contains(chosen)) {
            throw new KeyUnavailableException("private key " + file + " cannot sign with " + chosen + ", only with "
                    + key.algorithms() + "; choose one of these, or another key");
        }
        return DeclaredKey.of(use, chosen, key.spki());
    }

    @Override
    public MessageSigner signer(List<DeclaredKey> declared) throws KeyUnavailableException {
        SoftKey key = PrivateKeyFile.read(file);
        for (DeclaredKey candidate : declared) {
            if (candidate.spki().equals(key.spki())) {
                return new SoftSigner(candidate, key);
            }
        }
        throw new KeyUnavailableException("private key " + file + " is "
                + KeyId.of(key.spki())
                + ", which the log does not declare; it declares "
                + declared.stream().map(each -> each.keyid().hex()).collect(Collectors.joining(", "))
                + ". Give the path of one of these");
    }

    @Override
    public void close() {
        // The file is open only while it is read.
    }
}
