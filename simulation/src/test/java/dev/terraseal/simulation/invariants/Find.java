package dev.terraseal.simulation.invariants;

/** Looks for bytes among bytes. */
final class Find {
    private Find() {}

    /** Where {@code wanted} begins; −1 if it is not there. */
    static int in(byte[] bytes, byte[] wanted) {
        if (wanted.length == 0) {
            return 0;
        }
        outer:
        for (int at = 0; at <= bytes.length - wanted.length; at++) {
            if (bytes[at] == wanted[0]) {
                for (int i = 1; i < wanted.length; i++) {
                    if (bytes[at + i] != wanted[i]) {
                        continue outer;
                    }
                }
                return at;
            }
        }
        return -1;
    }
}
