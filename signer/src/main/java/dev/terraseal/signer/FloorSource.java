package dev.terraseal.signer;

import dev.terraseal.core.log.KeyRing;
import dev.terraseal.signer.check.Floor;
import dev.terraseal.signer.check.RefusedEntryException;
import java.util.List;

/** What is known to have been signed, from elsewhere than {@code attestations}; asked when the log's keys are known. */
@FunctionalInterface
interface FloorSource {
    List<Floor> read(KeyRing keys) throws RefusedEntryException;
}
