package dev.terraseal.signer;

/** Where a planted bug may get between the signer and what surrounds it. As it stands it changes nothing. */
public class SignerVariation {
    /** Whether what was signed before is asked for from elsewhere than the topic. */
    protected boolean floors() {
        return true;
    }

    protected AttestationOutput output(AttestationOutput real) {
        return real;
    }

    protected BatchShelf shelf(BatchShelf real) {
        return real;
    }

    /** Whether entries are signed as they come, unchecked. */
    protected boolean careless() {
        return false;
    }
}
