package dev.terraseal.export;

import org.jspecify.annotations.Nullable;

/** An export that cannot be made, although the archive answers. The message says why and what to do. */
public final class ExportException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Who has to do something. */
    public enum Kind {
        /** Whoever asked: for something else. */
        ASKED,
        /** Nobody: the log comes to it. */
        NOT_YET,
        /** Whoever keeps the archive: something in it is missing, or is not what it has to be. */
        BROKEN
    }

    private ExportException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public static ExportException asked(String message) {
        return new ExportException(Kind.ASKED, message, null);
    }

    public static ExportException asked(String message, Throwable cause) {
        return new ExportException(Kind.ASKED, message, cause);
    }

    public static ExportException notYet(String message) {
        return new ExportException(Kind.NOT_YET, message, null);
    }

    public static ExportException broken(String message) {
        return new ExportException(Kind.BROKEN, message, null);
    }

    public static ExportException broken(String message, Throwable cause) {
        return new ExportException(Kind.BROKEN, message, cause);
    }

    public Kind kind() {
        return kind;
    }
}
