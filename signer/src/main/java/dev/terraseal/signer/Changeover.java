package dev.terraseal.signer;

import dev.terraseal.signer.SigningForm.Mode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether to sign in batches now. {@link Mode#AUTO} begins to where four fifths of the quota are used up or a call was put
 * off, and ends only after ten seconds below half of it: so that a load about as high as the quota does not make it change
 * its mind all the time. One thread.
 */
final class Changeover {
    private static final Logger LOG = LoggerFactory.getLogger(Changeover.class);
    private static final long SECOND = 1_000;
    private static final long CALM = 10 * SECOND;

    private final SigningForm form;
    private boolean batches;
    private long begun;
    private long admittedBefore;
    private long putOffBefore;
    private long calmSince;

    /** @param now in milliseconds */
    Changeover(SigningForm form, long now) {
        this.form = form;
        this.batches = form.mode() == Mode.BATCH;
        this.begun = now;
    }

    /**
     * @param now in milliseconds
     * @param admitted statements that came to be signed, since the beginning
     * @param putOff calls that were put off, since the beginning
     */
    boolean batches(long now, long admitted, long putOff) {
        if (form.mode() != Mode.AUTO) {
            return batches;
        }
        long came = admitted - admittedBefore;
        boolean over = now < begun || now - begun >= SECOND;
        long span = Math.max(SECOND, now - begun);
        boolean near = came * 5 * SECOND >= form.quota() * 4L * span;
        if (near || putOff > putOffBefore) {
            begin(came, putOff - putOffBefore);
            calmSince = now;
        } else if (over && came * 2 * SECOND >= form.quota() * span) {
            calmSince = now;
        } else if (batches && (now < calmSince || now - calmSince >= CALM)) {
            LOG.info("event=signer_signs_each came={} quota={}", came, form.quota());
            batches = false;
        }
        if (over) {
            begun = now;
            admittedBefore = admitted;
        }
        putOffBefore = putOff;
        return batches;
    }

    private void begin(long came, long putOff) {
        if (!batches) {
            LOG.info("event=signer_signs_batches came={} put_off={} quota={}", came, putOff, form.quota());
            batches = true;
        }
    }
}
