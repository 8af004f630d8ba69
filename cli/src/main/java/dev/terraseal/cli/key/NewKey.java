package dev.terraseal.cli.key;

import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SigningException;
import dev.terraseal.core.log.KeyChange;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.keys.KeyLocator;
import dev.terraseal.keys.KeySource;
import dev.terraseal.keys.KeyUnavailableException;
import dev.terraseal.keys.change.PendingChange;
import dev.terraseal.keys.local.LocalKeys;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings a key into the log, for {@code key add} and {@code key rotate}: the new key signs the change as well. */
final class NewKey {
    @Mixin
    ChangeOptions change = new ChangeOptions();

    @Option(
            names = "--use",
            defaultValue = "attest",
            paramLabel = "attest|log|ingest|export|authority",
            description = "What the key signs (default: ${DEFAULT-VALUE}).")
    String use;

    @Option(
            names = "--key",
            defaultValue = "local",
            paramLabel = "PLACE",
            description = {
                "Where the new key is: a PEM file, awskms://ARN or pkcs11:…;",
                "local makes one in the key directory (default: ${DEFAULT-VALUE})."
            })
    String place;

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "Where local makes it (default: the key directory of the data directory).")
    @Nullable Path directory;

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            description =
                    "ECDSA_SHA_256, RSASSA_PSS_SHA_256, RSASSA_PKCS1_V1_5_SHA_256, ED25519_SHA_512, ML_DSA_44 or ML_DSA_65"
                            + " (default: P-256 for attest and export, Ed25519 for the rest; what the key is, where it is there already).")
    @Nullable Algorithm algorithm;

    @Option(
            names = "--from",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "The first entry it is in force at; right after the change if that is later (default: ${DEFAULT-VALUE}).")
    long from;

    @Option(
            names = "--key-policy",
            paramLabel = "FILE",
            description = "The key policy of the day (aws kms get-key-policy --output text); its SHA-256 is recorded.")
    @Nullable Path policy;

    int run(KeyEvent.Action action, PrintWriter out) throws CommandFailedException, IOException, InterruptedException {
        change.require();
        KeyUse wanted = use();
        KeyLocator locator = locator();
        KnownLog known = KnownLog.read(change.archive);
        try {
            if (locator instanceof KeyLocator.Local) {
                return bring(known, action, made(wanted), out);
            }
            try (KeySource source = change.authority.sources().open(locator)) {
                DeclaredKey key = source.declaration(wanted, algorithm);
                PendingChange pending = pending(known, action, key, provenance(locator));
                return change.finish(known, change.sign(pending.signedBy(source.signer(List.of(key)))), out);
            }
        } catch (KeyUnavailableException notThere) {
            throw CommandFailedException.usage(String.valueOf(notThere.getMessage()));
        } catch (SigningException notNow) {
            throw CommandFailedException.unavailable(String.valueOf(notNow.getMessage()), notNow);
        } catch (IllegalArgumentException wrong) {
            throw CommandFailedException.usage(String.valueOf(wrong.getMessage()));
        }
    }

    /** A key gets its file once the rules let the change pass and the authority signed it, and before anybody else hears. */
    private int bring(KnownLog known, KeyEvent.Action action, SoftSigner made, PrintWriter out)
            throws CommandFailedException, IOException, InterruptedException, SigningException {
        LocalKeys keys = new LocalKeys(
                directory != null ? directory : defaultDirectory(made.key().use()));
        PendingChange pending = pending(known, action, made.key(), provenance(new KeyLocator.Local()));
        PendingChange signed = change.sign(pending.signedBy(made));
        keys.store(List.of(made));
        return change.finish(known, signed, out);
    }

    private PendingChange pending(
            KnownLog known, KeyEvent.Action action, DeclaredKey key, KeyEvent.@Nullable Provenance provenance)
            throws CommandFailedException {
        return ChangeOptions.pending(
                known,
                new KeyChange(
                        action,
                        List.of(new KeyEvent.NewKey(key, new SequenceNumber(from))),
                        List.of(),
                        provenance,
                        change.reason));
    }

    private KeyUse use() throws CommandFailedException {
        return KeyUse.fromText(use.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> CommandFailedException.usage(
                        "--use " + use + " is no use of a key: attest, log, ingest, export or authority"));
    }

    private KeyLocator locator() throws CommandFailedException {
        try {
            return KeyLocator.parse(place);
        } catch (IllegalArgumentException wrong) {
            throw CommandFailedException.usage("--key " + wrong.getMessage());
        }
    }

    private KeyEvent.@Nullable Provenance provenance(KeyLocator locator) throws IOException {
        String arn = locator instanceof KeyLocator.AwsKms kms ? kms.arn() : null;
        Digest digest = policy == null ? null : Digest.of(Bytes.wrap(Files.readAllBytes(policy)));
        return arn == null && digest == null ? null : new KeyEvent.Provenance(arn, digest);
    }

    private SoftSigner made(KeyUse wanted) {
        boolean p256 = wanted == KeyUse.ATTEST || wanted == KeyUse.EXPORT;
        Algorithm chosen = algorithm != null ? algorithm : p256 ? Algorithm.ECDSA_SHA_256 : Algorithm.ED25519_SHA_512;
        SoftKey key = SoftKey.generate(chosen, new SecureRandom());
        return new SoftSigner(DeclaredKey.of(wanted, chosen, key.spki()), key);
    }

    private Path defaultDirectory(KeyUse wanted) throws CommandFailedException {
        if (!change.archive.readsDataDirectory()) {
            throw CommandFailedException.usage(
                    "say where the new key goes: --keys DIR, the key directory of the service that uses it");
        }
        return wanted == KeyUse.AUTHORITY
                ? change.archive.directory().authority()
                : change.archive.directory().keys();
    }
}
