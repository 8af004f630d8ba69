package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.verifier.files.BundleFiles;
import java.io.IOException;

/**
 * The objects of an archive, wherever they lie: those of one moment are {@link #names}, and {@link #has} may also find
 * what came since. Where a store keeps versions a name may have several; {@link
 * #open} and what else takes a name then gives the one that {@link #count counts}, the oldest until told otherwise.
 */
public interface ArchiveListing extends BundleFiles {
    /** How many versions lie under a name that {@link #has} one; delete markers are none. */
    int versions(String name);

    /** One of them, 0 being the oldest. */
    Bytes version(String name, int index) throws IOException;

    /** Says which one counts. */
    void count(String name, int index);
}
