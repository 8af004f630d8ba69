package dev.terraseal.core.keys;

import java.security.Provider;
import org.jspecify.annotations.Nullable;

/** Whose code checks signatures of an algorithm. Asked for every signature: an answer is at hand. */
@FunctionalInterface
public interface ProviderChoice {
    /** Null for the JDK's own. */
    @Nullable Provider forAlgorithm(Algorithm algorithm);
}
