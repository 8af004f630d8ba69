package dev.terraseal.archiver.time;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.core.timestamp.UncheckableTokenException;
import dev.terraseal.store.Validity;
import java.util.List;

/**
 * Tokens told from what else lies under their names, where anybody who may write to the store can put something: they hold
 * over the bytes they are about, at the time that the name says, and lead to one of {@code time.roots} where there are any.
 * Without roots somebody else's authority is as good as ours.
 */
final class Tokens {
    private final List<TimeAuthority> roots;

    Tokens(TimeSettings settings) {
        this.roots = settings.roots();
    }

    /** @param second the time in the name */
    Validity over(Bytes data, String second) {
        return content -> {
            try {
                TimeStampToken token = TimeStampToken.open(content, data);
                return StampName.second(token.time()).equals(second) && (roots.isEmpty() || token.under(roots) != null);
            } catch (TokenException | UncheckableTokenException notOne) {
                return false;
            }
        };
    }
}
