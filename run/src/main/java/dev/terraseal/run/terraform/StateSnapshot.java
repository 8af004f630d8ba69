package dev.terraseal.run.terraform;

import dev.terraseal.core.bytes.Digest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a pulled state: where it stands and a digest, never a value.
 *
 * @param sha256 as FORMATS section 4 defines it: JCS without the top-level {@code terraform_version}, number literals
 *     as they stand
 * @param providers source address of the provider by {@link #key}; a name and no secret
 */
public record StateSnapshot(
        @Nullable String lineage, @Nullable Long serial, Digest sha256, Map<String, String> providers) {
    public StateSnapshot {
        providers = Map.copyOf(providers);
    }

    /** One resource block, all its instances. */
    static String key(String module, String mode, String type, String name) {
        return module + '\n' + mode + '\n' + type + '\n' + name;
    }
}
