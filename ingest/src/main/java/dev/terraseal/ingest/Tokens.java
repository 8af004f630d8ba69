package dev.terraseal.ingest;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may send, by bearer token. The file holds a line a token: {@code <name> <sha256 of the token in hex> [stream
 * prefix]…}; empty lines and lines that begin with {@code #} are skipped. The token itself is kept nowhere.
 */
public final class Tokens {
    private final Map<Digest, Caller> callers;

    /** Someone with a valid token. Without prefixes, any stream. */
    public record Caller(String name, Digest tokenSha256, List<String> prefixes) {
        public Caller {
            prefixes = List.copyOf(prefixes);
        }

        public boolean maySend(StreamId stream) {
            return prefixes.isEmpty()
                    || prefixes.stream()
                            .anyMatch(prefix -> stream.value().equals(prefix)
                                    || stream.value().startsWith(prefix + "/"));
        }
    }

    private Tokens(Map<Digest, Caller> callers) {
        this.callers = callers;
    }

    /** Reads the file; a line that cannot be read is an error naming its number, for a skipped one would lock someone out. */
    public static Tokens read(Path file) throws IOException {
        Map<Digest, Caller> callers = new HashMap<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            List<String> words = List.of(line.split("\\s+"));
            if (words.size() < 2) {
                throw new IOException(
                        file + " line " + (i + 1) + ": write <name> <sha256 of the token> [stream prefix]…");
            }
            if (words.get(0).length() > EventIntake.NAME_MAX) {
                throw new IOException(
                        file + " line " + (i + 1) + ": a name has at most " + EventIntake.NAME_MAX + " characters");
            }
            try {
                Digest token = Digest.fromHex(words.get(1));
                List<String> prefixes = new ArrayList<>(words.subList(2, words.size()));
                prefixes.forEach(StreamId::new);
                if (callers.put(token, new Caller(words.get(0), token, prefixes)) != null) {
                    throw new IOException(file + " line " + (i + 1) + ": this token is on a line before already");
                }
            } catch (IllegalArgumentException wrong) {
                throw new IOException(file + " line " + (i + 1) + ": " + wrong.getMessage(), wrong);
            }
        }
        return new Tokens(callers);
    }

    /** The caller with this {@code Authorization} header; looked up by digest, so that time tells nothing of the token. */
    public Optional<Caller> caller(String authorization) {
        String scheme = "Bearer ";
        if (!authorization.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return Optional.empty();
        }
        byte[] token =
                authorization.substring(scheme.length()).strip().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return Optional.ofNullable(callers.get(Digest.of(Bytes.wrap(token))));
    }
}
