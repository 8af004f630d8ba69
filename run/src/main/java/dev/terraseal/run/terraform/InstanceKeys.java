package dev.terraseal.run.terraform;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Leaves {@code for_each} keys out of resource addresses: they are data, and people put account names and worse there.
 * The same key becomes the same number within one event, so that addresses stay distinct; {@code count} indexes stay.
 * A digest would not do: what is short can be guessed.
 */
public final class InstanceKeys {
    /** Version of the rule, recorded with what it left out. */
    public static final String REDACTOR = "terraseal/1";

    private final boolean keep;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    /** @param keep the user asked by name that keys be recorded */
    public InstanceKeys(boolean keep) {
        this.keep = keep;
    }

    /**
     * {@code x.y["alice"]} becomes {@code x.y["redacted:1"]}. A quote stands in an address only around a key, and
     * terraform takes {@code x.y[ "alice" ]} too, so the quote is what is looked for.
     */
    public String redact(String address) {
        if (keep) {
            return address;
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < address.length()) {
            int open = address.indexOf('"', at);
            if (open < 0) {
                return out.append(address, at, address.length()).toString();
            }
            int close = endOfKey(address, open + 1);
            String key = address.substring(open + 1, close);
            int number = numbers.computeIfAbsent(key, unseen -> numbers.size() + 1);
            out.append(address, at, open).append("\"redacted:").append(number).append('"');
            at = Math.min(address.length(), close + 1);
        }
        return out.toString();
    }

    /** How many different keys were left out so far. */
    public int count() {
        return numbers.size();
    }

    /** The place of the closing quote; the end of the text where none comes, so that nothing of a broken address leaks. */
    private static int endOfKey(String address, int from) {
        for (int i = from; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                return i;
            }
        }
        return address.length();
    }
}
