package dev.terraseal.archiver.time;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.timestamp.RenewalName;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Old tokens stamped again, many at once: a list of them with their hashes, and a token over the list. It says, under
 * today's algorithms, that they were there while theirs still held. Used by one thread.
 */
final class Renewer {
    private static final Logger LOG = LoggerFactory.getLogger(Renewer.class);
    private static final int PAGE = 1000;

    private final TimeSettings settings;
    private final Stamper.Parts parts;
    private final Stamper stamper;
    private final Tokens tokens;
    /** What was found out about names, for as long as this process lives: tokens are read once. */
    private final Map<String, Optional<Digest>> known = new HashMap<>();

    Renewer(TimeSettings settings, Stamper.Parts parts, Stamper stamper) {
        this.settings = settings;
        this.parts = parts;
        this.stamper = stamper;
        this.tokens = new Tokens(settings);
    }

    /** Renews what is due; at most one list, the rest with the next round. */
    void renew() throws InterruptedException {
        try {
            Instant now = parts.clock().instant();
            String due = StampName.second(now.minus(settings.renewAfter()));
            CountedTokens counted =
                    new CountedTokens(parts.store(), tokens, parts.checkpoints().read(), known);
            Set<String> names = names();
            Map<String, Set<Digest>> fresh = renewedSince(names, due, counted);
            Map<String, Digest> old = new TreeMap<>();
            for (String name : names) {
                if (old.size() < TokenList.TOKENS_MAX && isDue(name, due)) {
                    counted.digest(name)
                            .filter(digest ->
                                    !fresh.getOrDefault(name, Set.of()).contains(digest))
                            .ifPresent(digest -> old.put(name, digest));
                }
            }
            if (!old.isEmpty()) {
                renew(old, now);
            }
        } catch (IOException failed) {
            stamper.failed(failed, "renewal");
        }
    }

    /** The list first: without a token it says nothing, and the next round makes another. */
    private void renew(Map<String, Digest> old, Instant now) throws IOException, InterruptedException {
        Bytes list = TokenList.of(old);
        String name = RenewalName.listAt(now);
        Duration retention = parts.retention();
        parts.store().keep(name, list, now.plus(retention), Validity.equalTo(list));
        for (TimeSettings.Authority authority : settings.authorities()) {
            try {
                TokenRequest.Answer answer = stamper.ask(authority, list);
                RenewalName token =
                        RenewalName.of(name, authority.name(), answer.token().time());
                stamper.keep(token.text(), answer.response(), tokens.over(list, token.second()));
                LOG.info("action=renew-tokens count={} authority={} list={}", old.size(), authority.name(), name);
            } catch (IOException failed) {
                stamper.failed(failed, "list=" + name);
            }
        }
    }

    private Set<String> names() throws StoreException {
        Set<String> all = new TreeSet<>();
        String after = "";
        List<String> page;
        do {
            page = parts.store().names(StampName.PREFIX, after, PAGE);
            all.addAll(page);
            after = page.isEmpty() ? after : page.get(page.size() - 1);
        } while (page.size() == PAGE);
        return all;
    }

    private static boolean isDue(String name, String due) {
        String second = StampName.parse(name)
                .map(StampName::second)
                .or(() -> RenewalName.parse(name).map(RenewalName::second))
                .orElse(due);
        return second.compareTo(due) < 0;
    }

    /** The tokens on lists that were stamped since, each with the hashes it has there. */
    private static Map<String, Set<Digest>> renewedSince(Set<String> names, String due, CountedTokens counted)
            throws StoreException {
        Map<String, Set<Digest>> out = new HashMap<>();
        for (String name : names) {
            Optional<RenewalName> renewal = RenewalName.parse(name);
            if (renewal.isPresent() && renewal.get().second().compareTo(due) >= 0) {
                counted.list(renewal.get())
                        .forEach((token, digest) -> out.computeIfAbsent(token, first -> new HashSet<>())
                                .add(digest));
            }
        }
        return out;
    }
}
