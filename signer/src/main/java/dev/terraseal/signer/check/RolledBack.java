package dev.terraseal.signer.check;

/** What to do where the topics hold other events than those that were signed. */
public final class RolledBack {
    /** Follows what was seen, as whole sentences. */
    public static final String MEND =
            ". The topics were rolled back or restored from an old copy and went on with other"
                    + " events; signing would fork the log. Restore the newer topics. Where they are gone for good, stop the"
                    + " services, keep a copy of what came since, delete the topics, create them again and take the log up from"
                    + " its archive: terraseal log resume (docs/operations.md). Only where that refuses does the log end";

    private RolledBack() {}
}
