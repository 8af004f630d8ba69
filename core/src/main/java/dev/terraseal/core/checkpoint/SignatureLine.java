package dev.terraseal.core.checkpoint;

import dev.terraseal.core.bytes.Bytes;

/** One signature line of a note: whose key, and the signature bytes after the key id (with the time, in a cosignature). */
public record SignatureLine(String name, NoteKeyId keyId, Bytes signature) {
    private static final String DASH = "\u2014 ";

    public SignatureLine {
        if (!KeyName.isValid(name)) {
            throw new IllegalArgumentException("'" + name + "' is no key name of a signed note");
        }
        if (signature.isEmpty()) {
            throw new IllegalArgumentException("the signature of " + name + " is empty");
        }
    }

    /** The line without its newline. */
    public String text() {
        return DASH + name + " " + Bytes.concat(keyId.bytes(), signature).base64();
    }

    /**
     * Reads a line without its newline.
     *
     * @throws NoteException if it has not exactly the form {@link #text} writes
     */
    public static SignatureLine parse(String line) throws NoteException {
        if (!line.startsWith(DASH)) {
            throw new NoteException("a signature line begins with an em dash and a space");
        }
        String rest = line.substring(DASH.length());
        int space = rest.indexOf(' ');
        if (space < 0) {
            throw new NoteException("a signature line has a key name, a space and base64");
        }
        String name = rest.substring(0, space);
        if (!KeyName.isValid(name)) {
            throw new NoteException("the key name of a signature line is empty, too long, or holds a space or '+'");
        }
        Bytes decoded;
        try {
            decoded = Bytes.fromBase64(rest.substring(space + 1));
        } catch (IllegalArgumentException notBase64) {
            throw new NoteException("the signature line of " + name + " does not end in canonical base64", notBase64);
        }
        if (decoded.length() <= Integer.BYTES) {
            throw new NoteException("the signature line of " + name + " holds no signature after the key id");
        }
        return new SignatureLine(
                name, NoteKeyId.of(decoded.slice(0, Integer.BYTES)), decoded.slice(Integer.BYTES, decoded.length()));
    }
}
