package dev.terraseal.verifier.time;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.timestamp.RenewalName;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.core.timestamp.UncheckableTokenException;
import dev.terraseal.verifier.time.Renewals.Listed;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.FindingName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Judges tokens one by one, each at its own time. One that does not hold is a finding whoever made it; one that holds
 * counts if it leads to a root the caller named.
 */
public final class TokenJudge {
    private final @Nullable Trust trust;
    private final Refusal refusal;
    private final Renewals renewals;
    private final List<Held> held = new ArrayList<>();
    private final TreeSet<String> strangers = new TreeSet<>();
    private int tokens;

    /** Where a token is told that does not hold. */
    public interface Refusal {
        void found(FindingName name, String file, String message);
    }

    /** A token that leads to a root of the caller's. */
    private record Held(long size, String file, Digest digest, TimeStampToken token, TimeStampToken.Path path) {}

    public TokenJudge(@Nullable Trust trust, Refusal refusal) {
        this.trust = trust;
        this.refusal = refusal;
        this.renewals = new Renewals(trust == null ? Map.of() : trust.broken());
    }

    /** Takes a token over {@code data}: the bytes of {@code checkpoints/<size>}. */
    public void take(StampName name, Bytes token, Bytes data) {
        String file = name.text();
        TimeStampToken opened = open(file, name.second(), token, data);
        TimeStampToken.Path path = opened == null ? null : path(file, opened);
        if (opened != null && path != null) {
            held.add(new Held(name.size(), file, Digest.of(token), opened, path));
        }
    }

    /** Takes a token over a list of older tokens, which says that they are older than it. */
    public void takeRenewal(RenewalName name, Bytes token, Bytes list) {
        TimeStampToken opened = open(name.text(), name.second(), token, list);
        TimeStampToken.Path path = opened == null ? null : path(name.text(), opened);
        if (opened != null && path != null) {
            try {
                renewals.add(name.text(), Digest.of(token), opened.time(), path.algorithms(), list);
            } catch (TokenException noList) {
                refusal.found(FindingName.BAD_TOKEN, name.list(), name.list() + " is refused: " + noList.getMessage());
            }
        }
    }

    private @Nullable TimeStampToken open(String file, String second, Bytes token, Bytes data) {
        try {
            TimeStampToken opened = TimeStampToken.open(token, data);
            if (!StampName.second(opened.time()).equals(second)) {
                throw new TokenException("its time is " + opened.time() + ", not that in its name");
            }
            tokens++;
            return opened;
        } catch (TokenException bad) {
            refusal.found(FindingName.BAD_TOKEN, file, file + " is refused: " + bad.getMessage());
        } catch (UncheckableTokenException unknown) {
            refusal.found(FindingName.NOT_CHECKABLE, file, file + ": " + unknown.getMessage());
        }
        return null;
    }

    private TimeStampToken.@Nullable Path path(String file, TimeStampToken token) {
        try {
            TimeStampToken.Path path = trust == null ? null : token.under(trust.timeAuthorities());
            if (path == null) {
                strangers.add(token.signer());
            }
            return path;
        } catch (TokenException bad) {
            refusal.found(FindingName.BAD_TOKEN, file, file + " is refused: " + bad.getMessage());
            return null;
        }
    }

    /** After the last token. */
    public Stamped finish() {
        Map<Listed, Instant> listed = renewals.listed();
        List<Stamp> stamps = new ArrayList<>();
        int lost = 0;
        for (Held each : held) {
            if (renewals.counts(
                    new Listed(each.file(), each.digest()), each.path().algorithms(), listed)) {
                stamps.add(
                        new Stamp(each.size(), each.token().time(), each.path().root()));
            } else {
                lost++;
            }
        }
        return new Stamped(new TimeBounds(stamps), tokens, strangers, lost);
    }
}
