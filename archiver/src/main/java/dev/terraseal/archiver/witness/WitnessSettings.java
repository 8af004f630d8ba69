package dev.terraseal.archiver.witness;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whom the log asks to witness it.
 *
 * @param policy as a file says it (C2SP tlog-policy): the witnesses, and how many of them make the quorum
 * @param witnesses those of the policy that have a place to be asked at
 * @param interval between two requests to one witness, however fast the log grows
 */
public record WitnessSettings(TlogPolicy policy, List<Witness> witnesses, Duration interval) {
    /** On S3 each cosignature is an object: one per witness and interval. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final int FILE_MAX = 1 << 20;

    public WitnessSettings {
        witnesses = List.copyOf(witnesses);
    }

    /** A witness, and where it is asked. */
    public record Witness(VerifierKey key, URI place) {
        /** The URL of a request below the witness's submission prefix. */
        public URI at(String path) {
            String prefix = place.toString();
            return URI.create(prefix.endsWith("/") ? prefix + path : prefix + "/" + path);
        }
    }

    /** Reads {@code archiver.witnesses}, the path of a policy, and {@code archiver.witness-interval}; empty without a policy. */
    public static Optional<WitnessSettings> from(Settings settings) {
        Optional<Path> file = settings.path("archiver.witnesses");
        Duration interval = settings.duration("archiver.witness-interval", INTERVAL);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (Files.size(file.get()) > FILE_MAX) {
                throw new NoteException("it has more than " + FILE_MAX + " bytes");
            }
            TlogPolicy policy = TlogPolicy.parse(Bytes.wrap(Files.readAllBytes(file.get())));
            return Optional.of(new WitnessSettings(policy, witnesses(settings, policy), interval));
        } catch (IOException unreadable) {
            settings.problem("archiver.witnesses", "cannot be read: " + unreadable);
        } catch (NoteException wrong) {
            settings.problem(
                    "archiver.witnesses",
                    "is " + file.get() + ", which is no policy: " + wrong.getMessage()
                            + ". Write 'witness <name> <vkey> <url>' for each witness, and 'quorum <name>'");
        }
        return Optional.empty();
    }

    private static List<Witness> witnesses(Settings settings, TlogPolicy policy) {
        List<Witness> asked = new ArrayList<>();
        for (VerifierKey key : policy.witnesses()) {
            Optional<String> place = policy.place(key);
            if (place.isEmpty()) {
                settings.problem(
                        "archiver.witnesses",
                        "names the witness " + key.name() + " and no URL to ask it at: put it at the end of its line");
                continue;
            }
            try {
                URI uri = new URI(place.get());
                if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    throw new URISyntaxException(place.get(), "not http(s)://host/…");
                }
                asked.add(new Witness(key, uri));
            } catch (URISyntaxException wrong) {
                settings.problem(
                        "archiver.witnesses", "has '" + place.get() + "' for " + key.name() + ": " + wrong.getReason());
            }
        }
        return asked;
    }
}
