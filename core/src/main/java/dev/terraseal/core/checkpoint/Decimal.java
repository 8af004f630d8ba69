package dev.terraseal.core.checkpoint;

/** Numbers in the text formats of C2SP: ASCII digits, no sign, no leading zero, at most 2^63 - 1. */
public final class Decimal {
    private Decimal() {}

    /**
     * @param what names the number in the message
     * @throws NoteException if {@code text} is not the one decimal form of a number from 0 to 2^63 - 1
     */
    public static long parse(String text, String what) throws NoteException {
        boolean digits = !text.isEmpty() && text.length() <= 19;
        for (int i = 0; digits && i < text.length(); i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits || (text.length() > 1 && text.charAt(0) == '0')) {
            throw new NoteException(what + " is not a decimal number without sign and leading zero");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException tooLarge) {
            throw new NoteException(what + " is larger than 2^63 - 1", tooLarge);
        }
    }
}
