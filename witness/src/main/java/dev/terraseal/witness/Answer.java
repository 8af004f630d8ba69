package dev.terraseal.witness;

import dev.terraseal.core.checkpoint.SignatureLine;

/** What a log is told. Statuses are those of C2SP tlog-witness. */
public sealed interface Answer {
    int status();

    String contentType();

    /** Ends in a newline. */
    String body();

    /** The checkpoint is the newest this witness knows, and is on its disk. */
    record Cosigned(SignatureLine line) implements Answer {
        @Override
        public int status() {
            return 200;
        }

        @Override
        public String contentType() {
            return TEXT;
        }

        @Override
        public String body() {
            return line.text() + "\n";
        }
    }

    /** The request is about another tree than the one this witness knows: ask again from that one. */
    record OtherSize(long size) implements Answer {
        @Override
        public int status() {
            return 409;
        }

        @Override
        public String contentType() {
            return "text/x.tlog.size";
        }

        @Override
        public String body() {
            return size + "\n";
        }
    }

    /** Not cosigned. */
    record Refused(int status, String reason) implements Answer {
        @Override
        public String contentType() {
            return TEXT;
        }

        @Override
        public String body() {
            return reason + "\n";
        }
    }

    String TEXT = "text/plain; charset=utf-8";

    static Refused malformed(String reason) {
        return new Refused(400, reason);
    }

    /** Not now; the same request may be answered later. */
    static Refused later(String reason) {
        return new Refused(503, reason);
    }
}
