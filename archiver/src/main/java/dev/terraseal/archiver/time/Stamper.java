package dev.terraseal.archiver.time;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round of time stamps: every authority is asked for a token over the newest checkpoint, and what comes is archived.
 * An authority that fails is passed over until the next round; nothing waits for it. Used by one thread.
 */
public final class Stamper {
    private static final Logger LOG = LoggerFactory.getLogger(Stamper.class);
    /** Beyond this the times in statements mislead whoever reads them. */
    private static final Duration SKEW_SAID = Duration.ofSeconds(30);

    private static final int NAMES_MAX = 1_000;
    /** More tokens of one authority over one checkpoint than archivers make. */
    private static final int LOOKED_AT = 8;

    private final TimeSettings settings;
    private final Parts parts;
    private final Tokens tokens;

    /**
     * What it works with.
     *
     * @param retention of the log: tokens are locked as long as what they are about
     * @param checkpoints asked by whoever looks at tokens of checkpoints that were archived long ago
     */
    public record Parts(
            ArchiveStore store,
            Duration retention,
            Questions questions,
            SecureRandom random,
            InstantSource clock,
            TimeProgress progress,
            OwnCheckpoints checkpoints) {}

    public Stamper(TimeSettings settings, Parts parts) {
        this.settings = settings;
        this.parts = parts;
        this.tokens = new Tokens(settings);
    }

    /** A log that is empty has nothing to date. */
    static boolean isEmpty(Bytes note) {
        return open(note).checkpoint().size() == 0;
    }

    /** A checkpoint as it was announced, and the bytes of it that are archived. */
    private record Opened(Checkpoint checkpoint, Bytes data) {}

    private static Opened open(Bytes note) {
        try {
            SignedNote read = SignedNote.parse(note);
            return new Opened(
                    Checkpoint.parse(read.text()), read.firstLineOnly().bytes());
        } catch (NoteException impossible) {
            throw new IllegalStateException("a checkpoint that was just archived cannot be read", impossible);
        }
    }

    /**
     * Stamps a checkpoint, unless all authorities have already.
     *
     * @param note the bytes of {@code checkpoints/<size>}
     * @return the authorities that gave no token
     */
    List<TimeSettings.Authority> stamp(Bytes note, List<TimeSettings.Authority> authorities)
            throws InterruptedException {
        Opened opened = open(note);
        List<TimeSettings.Authority> left = new ArrayList<>();
        for (TimeSettings.Authority each : authorities) {
            if (!keep(each, opened.checkpoint().size(), opened.data())) {
                left.add(each);
            }
        }
        return left;
    }

    private boolean keep(TimeSettings.Authority authority, long size, Bytes data) throws InterruptedException {
        try {
            if (hasToken(authority, size, data)) {
                parts.progress().stamped(size);
                return true;
            }
            TokenRequest.Answer answer = ask(authority, data);
            StampName name = StampName.of(size, authority.name(), answer.token().time());
            keep(name.text(), answer.response(), tokens.over(data, name.second()));
            parts.progress().stamped(size);
            LOG.info(
                    "action=time-stamp size={} authority={} time={} skewMillis={}",
                    size,
                    authority.name(),
                    answer.token().time(),
                    answer.skew().toMillis());
            return true;
        } catch (IOException failed) {
            failed(failed, "size=" + size);
            return false;
        }
    }

    TokenRequest.Answer ask(TimeSettings.Authority authority, Bytes data) throws IOException, InterruptedException {
        TokenRequest.Answer answer =
                new TokenRequest(authority, settings, parts.questions(), parts.random(), parts.clock()).over(data);
        parts.progress().answered(answer.skew());
        if (answer.skew().abs().compareTo(SKEW_SAID) > 0) {
            LOG.warn(
                    "action=clock-skew authority={} skewMillis={} mend=\"set this machine's clock (NTP); times in"
                            + " statements come from the broker's\"",
                    authority.name(),
                    answer.skew().toMillis());
        }
        return answer;
    }

    /** @param validity a token that holds: what others put under the name before is none */
    void keep(String name, Bytes token, Validity validity) throws StoreException {
        parts.store().keep(name, token, parts.clock().instant().plus(parts.retention()), validity);
    }

    void failed(IOException failed, String what) {
        parts.progress().failed(String.valueOf(failed.getMessage()));
        LOG.warn("action=time-stamp result=failed {} reason=\"{}\"", what, failed.getMessage());
    }

    /** A name says nothing. Where junk lies before the true one, the authority is asked once more, which harms nobody. */
    private boolean hasToken(TimeSettings.Authority authority, long size, Bytes data) throws StoreException {
        List<StampName> named = parts.store().names(StampName.PREFIX + size + "/", "", NAMES_MAX).stream()
                .flatMap(name -> StampName.parse(name).stream())
                .filter(name -> name.authority().equals(authority.name()))
                .limit(LOOKED_AT)
                .toList();
        for (StampName name : named) {
            if (parts.store()
                    .read(name.text(), tokens.over(data, name.second()))
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }
}
