package dev.terraseal.verifier.files;

/** Which names a file of a bundle may have: nothing a shell, a terminal or a path could read in another way. */
public final class MemberNames {
    static final int LENGTH_MAX = 512;

    private MemberNames() {}

    /** Segments of {@code [A-Za-z0-9._-]} joined by single slashes, none of them {@code .} or {@code ..}. */
    public static boolean isPlain(String name) {
        if (name.isEmpty() || name.length() > LENGTH_MAX) {
            return false;
        }
        int segment = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '/') {
                String part = name.substring(segment, i);
                if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                    return false;
                }
                segment = i + 1;
            } else if (!isPlain(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }
}
