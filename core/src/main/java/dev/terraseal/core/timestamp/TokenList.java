package dev.terraseal.core.timestamp;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.util.Map;
import java.util.TreeMap;

/** A list of tokens as {@code sha256sum} writes it, ascending by name. */
public final class TokenList {
    /** So many tokens a list: more are several lists. */
    public static final int TOKENS_MAX = 5_000;

    public static final int BYTES_MAX = 2 << 20;

    private TokenList() {}

    public static Bytes of(Map<String, Digest> tokens) {
        StringBuilder out = new StringBuilder();
        new TreeMap<>(tokens)
                .forEach((name, digest) ->
                        out.append(digest.hex()).append("  ").append(name).append('\n'));
        return Bytes.utf8(out.toString());
    }

    public static Map<String, Digest> parse(Bytes list) throws TokenException {
        Map<String, Digest> tokens = new TreeMap<>();
        if (list.length() > BYTES_MAX) {
            throw new TokenException("it has more than " + BYTES_MAX + " bytes");
        }
        try {
            for (String line : list.utf8().split("\n")) {
                String name = line.substring(Math.min(66, line.length()));
                if (StampName.parse(name).isEmpty() && RenewalName.parse(name).isEmpty()) {
                    throw new TokenException("it has a line that names no token");
                }
                tokens.put(name, Digest.fromHex(line.substring(0, 64)));
            }
        } catch (IllegalArgumentException noText) {
            throw new TokenException("it cannot be read: " + noText.getMessage(), noText);
        }
        if (tokens.size() > TOKENS_MAX || !of(tokens).equals(list)) {
            throw new TokenException(
                    "it is not a list as sha256sum writes it, ascending by name, of at most " + TOKENS_MAX + " tokens");
        }
        return tokens;
    }
}
