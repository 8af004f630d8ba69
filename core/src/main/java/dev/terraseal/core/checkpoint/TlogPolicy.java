package dev.terraseal.core.checkpoint;

import dev.terraseal.core.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which logs are known, which witnesses, and how many of those must have cosigned (C2SP tlog-policy). URLs are kept for
 * whoever asks witnesses: nothing here reaches a network.
 */
public final class TlogPolicy {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_LINES = 10_000;
    private static final String NONE = "none";

    private final Map<Bytes, VerifierKey> logs = new LinkedHashMap<>();
    private final Map<Bytes, VerifierKey> witnesses = new LinkedHashMap<>();
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Set<String> used = new LinkedHashSet<>();
    private final Map<VerifierKey, String> places = new LinkedHashMap<>();
    private @Nullable String quorum;

    /** A witness (its key, no members) or a group (a threshold and members by name). */
    private record Member(@Nullable VerifierKey witness, int threshold, List<String> names) {}

    private TlogPolicy() {}

    /** @throws NoteException naming the line, for anything the format does not allow */
    public static TlogPolicy parse(Bytes bytes) throws NoteException {
        if (bytes.length() > MAX_BYTES) {
            throw new NoteException("a policy has at most " + MAX_BYTES + " bytes, not " + bytes.length());
        }
        // The format's names are opaque octets: one character an octet, and no Unicode rule applies.
        String text = new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
        TlogPolicy policy = new TlogPolicy();
        int number = 0;
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf('\n', at);
            number++;
            if (end < 0 || number > MAX_LINES) {
                throw new NoteException(
                        "line " + number + " of the policy does not end in a newline or is one too many");
            }
            try {
                policy.line(items(text.substring(at, end)));
            } catch (NoteException refused) {
                throw new NoteException("line " + number + " of the policy: " + refused.getMessage(), refused);
            }
            at = end + 1;
        }
        if (policy.quorum == null) {
            throw new NoteException("the policy has no quorum line; write 'quorum none' to ask for no witness");
        }
        return policy;
    }

    private static List<String> items(String line) throws NoteException {
        List<String> items = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : ' ';
            if (c != '\t' && (c < 0x20 || c == 0x7f)) {
                throw new NoteException("there is a control character");
            }
            boolean space = c == ' ' || c == '\t';
            if (space && from >= 0) {
                items.add(line.substring(from, i));
                from = -1;
            } else if (!space && from < 0) {
                from = i;
            }
        }
        return items;
    }

    private void line(List<String> items) throws NoteException {
        if (items.isEmpty() || items.get(0).startsWith("#")) {
            return;
        }
        int count = items.size();
        switch (items.get(0)) {
            case "log" -> {
                require(count == 2 || count == 3, "write: log <vkey> [<url>]");
                VerifierKey key = key(items.get(1));
                require(logs.put(key.publicKey(), key) == null, "this log's key is listed twice");
            }
            case "witness" -> {
                require(count == 3 || count == 4, "write: witness <name> <vkey> [<url>]");
                VerifierKey key = key(items.get(2));
                require(key.type().isCosignature(), "a witness has a cosignature key (type 0x04 or 0x06)");
                require(witnesses.put(key.publicKey(), key) == null, "this witness's key is listed twice");
                define(items.get(1), new Member(key, 1, List.of()));
                if (count == 4) {
                    places.put(key, items.get(3));
                }
            }
            case "group" -> {
                require(count >= 4, "write: group <name> all|any|<k> <member>...");
                List<String> names = items.subList(3, count);
                for (String name : names) {
                    require(members.containsKey(name), "'" + name + "' is not defined on a line before");
                    require(used.add(name), "'" + name + "' is a member twice");
                }
                define(items.get(1), new Member(null, threshold(items.get(2), names.size()), List.copyOf(names)));
            }
            case "quorum" -> {
                require(count == 2, "write: quorum <name>|none");
                require(quorum == null, "there is a second quorum line");
                String name = items.get(1);
                require(
                        name.equals(NONE) || members.containsKey(name),
                        "'" + name + "' is not defined on a line before");
                quorum = name;
            }
            default -> throw new NoteException("'" + items.get(0) + "' is none of log, witness, group and quorum");
        }
    }

    private void define(String name, Member member) throws NoteException {
        require(!name.equals(NONE), "'none' is no name");
        require(members.put(name, member) == null, "'" + name + "' is defined twice");
    }

    private static int threshold(String text, int count) throws NoteException {
        if (text.equals("any")) {
            return 1;
        }
        if (text.equals("all")) {
            return count;
        }
        long threshold = Decimal.parse(text, "the threshold");
        require(threshold >= 1 && threshold <= count, "the threshold is not between 1 and the number of members");
        return (int) threshold;
    }

    private static VerifierKey key(String octets) throws NoteException {
        try {
            return VerifierKey.parse(
                    Bytes.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)).utf8());
        } catch (IllegalArgumentException notUtf8) {
            throw new NoteException("the verifier key is not UTF-8", notUtf8);
        }
    }

    private static void require(boolean holds, String otherwise) throws NoteException {
        if (!holds) {
            throw new NoteException(otherwise);
        }
    }

    /** The keys of known logs; empty where the log is known otherwise. */
    public List<VerifierKey> logs() {
        return List.copyOf(logs.values());
    }

    public List<VerifierKey> witnesses() {
        return List.copyOf(witnesses.values());
    }

    /** The witnesses that are not the log itself, by {@code ofTheLog}, under another name. */
    public List<VerifierKey> witnessesBeside(Collection<VerifierKey> ofTheLog) {
        return witnesses.values().stream()
                .filter(key -> !ofTheLog.contains(key))
                .toList();
    }

    /** Where a witness is asked, as the policy writes it (C2SP: the submission prefix); empty if it does not say. */
    public Optional<String> place(VerifierKey witness) {
        return Optional.ofNullable(places.get(witness));
    }

    /** Whether cosignatures that verified under {@code cosigners} make the quorum; keys of others count nothing. */
    public boolean isMetBy(Collection<VerifierKey> cosigners) {
        return quorum != null
                && (quorum.equals(NONE) || held(Set.copyOf(cosigners)).contains(quorum));
    }

    /** The names whose demand is met. Members are defined before their group, so one pass reaches any depth. */
    private Set<String> held(Set<VerifierKey> cosigners) {
        Set<String> held = new HashSet<>();
        for (Map.Entry<String, Member> each : members.entrySet()) {
            Member member = each.getValue();
            VerifierKey witness = member.witness();
            boolean met = witness != null
                    ? cosigners.contains(witness)
                    : member.names().stream().filter(held::contains).count() >= member.threshold();
            if (met) {
                held.add(each.getKey());
            }
        }
        return held;
    }
}
