package dev.terraseal.cli.key;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeySources;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.change.PendingChange;
import dev.terraseal.keys.kms.KmsConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the authority's private keys are, for commands that sign with them. */
final class AuthorityKeys {
    @Option(
            names = "--authority",
            paramLabel = "PLACE",
            description = {
                "The authority's private key: a PEM file, a directory with authority-*.pem, pkcs11:… or awskms://ARN.",
                "Again for each further one the log asks for."
            })
    List<String> places = new ArrayList<>();

    @Option(
            names = "--authority-algorithm",
            paramLabel = "NAME",
            description = "For an RSA authority key, the one log.json declares (default: RSASSA_PSS_SHA_256).")
    @Nullable Algorithm algorithm;

    @Option(names = "--kms-endpoint", paramLabel = "URL", description = "A KMS endpoint other than AWS.")
    @Nullable URI kmsEndpoint;

    boolean given() {
        return !places.isEmpty();
    }

    /** The change signed by each of them. */
    PendingChange sign(PendingChange change) throws CommandFailedException, IOException {
        PendingChange signed = change;
        KeySources sources = sources();
        for (KeyLocator locator : locators()) {
            try (KeySource source = sources.open(locator)) {
                signed = signed.signedBy(source.signer(List.of(source.declaration(KeyUse.AUTHORITY, algorithm))));
            } catch (KeyUnavailableException notThere) {
                throw CommandFailedException.usage(String.valueOf(notThere.getMessage()));
            } catch (SigningException notNow) {
                throw CommandFailedException.unavailable(String.valueOf(notNow.getMessage()), notNow);
            }
        }
        return signed;
    }

    /** For every key of the command, a new one's too: there is one KMS. */
    KeySources sources() {
        return new KeySources(Path.of("."), KmsConnection.standard().withEndpoint(kmsEndpoint), new SecureRandom());
    }

    private List<KeyLocator> locators() throws CommandFailedException, IOException {
        List<KeyLocator> out = new ArrayList<>();
        for (String place : places) {
            if (!place.contains(":") && Files.isDirectory(Path.of(place))) {
                out.addAll(in(Path.of(place)));
                continue;
            }
            try {
                out.add(KeyLocator.parse(place));
            } catch (IllegalArgumentException wrong) {
                throw CommandFailedException.usage("--authority " + wrong.getMessage());
            }
        }
        return out;
    }

    private static List<KeyLocator> in(Path directory) throws CommandFailedException, IOException {
        List<KeyLocator> out = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> file.getFileName().toString().matches("authority-.*\\.pem"))
                    .sorted()
                    .forEach(file -> out.add(new KeyLocator.File(file)));
        }
        if (out.isEmpty()) {
            throw CommandFailedException.usage(
                    directory + " holds no authority-*.pem: give the file of the authority's private key");
        }
        return out;
    }
}
