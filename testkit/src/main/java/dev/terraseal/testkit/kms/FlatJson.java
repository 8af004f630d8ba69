package dev.terraseal.testkit.kms;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one JSON object whose members are all strings without escapes: that is all a Sign, GetPublicKey or DescribeKey
 * request of ours may be. Anything else is refused, so that a client that sends more is noticed.
 */
final class FlatJson {
    private static final Pattern MEMBER = Pattern.compile("\\s*\"([A-Za-z]+)\"\\s*:\\s*\"([^\"\\\\]*)\"\\s*(,|\\})");

    private FlatJson() {}

    static Map<String, String> parse(String text) throws KmsError {
        Map<String, String> members = new TreeMap<>();
        Matcher matcher = MEMBER.matcher(text);
        int at = text.indexOf('{') + 1;
        while (at > 0 && matcher.find(at) && matcher.start() == at) {
            if (members.put(matcher.group(1), matcher.group(2)) != null) {
                throw KmsError.refused("SerializationException", "member " + matcher.group(1) + " twice");
            }
            at = matcher.end();
            if (matcher.group(3).equals("}")) {
                if (!text.substring(at).isBlank()) {
                    break;
                }
                return members;
            }
        }
        throw KmsError.refused("SerializationException", "not a flat object of strings: " + text);
    }
}
