package dev.terraseal.archiver.time;

import dev.terraseal.store.StoreException;
import dev.terraseal.store.Validity;
import java.util.function.LongFunction;

/** Which bytes under {@code checkpoints/<size>} are the log's, by the keys in force as the archive shows them now. */
@FunctionalInterface
public interface OwnCheckpoints {
    LongFunction<Validity> read() throws StoreException;
}
