package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.PlainZip;

/**
 * One broken bundle and the answer it deserves.
 *
 * @param name what was done to which file, unique within a catalogue
 * @param base the bundle it was made of
 * @param resealed whether SHA256SUMS was made anew and signed with the real export key
 * @param content the files, or a whole zip where the container itself is what is broken
 */
public record Mutation(String name, String base, boolean resealed, Content content, Asked asked, Expected expected) {
    /** A bundle as a directory or as one zip. */
    public sealed interface Content {
        /** The bytes of a zip: the broken one, or a canonical one of the files. */
        Bytes zip();
    }

    /** Files that can be verified in a directory, or packed. */
    public record Files(BundleBytes bundle) implements Content {
        @Override
        public Bytes zip() {
            return PlainZip.of(bundle).bytes();
        }
    }

    /** A zip that only exists as one. */
    public record Zip(Bytes bytes) implements Content {
        @Override
        public Bytes zip() {
            return bytes;
        }
    }

    @Override
    public String toString() {
        return base + (resealed ? ", resealed: " : ", as it is: ") + name;
    }
}
