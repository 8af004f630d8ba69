package dev.terraseal.core.statement;

/** An event is refused: the code for programs, the message for people, naming the member and what to do. */
public record Rejection(RejectionReason reason, String message) {
    @Override
    public String toString() {
        return reason.code() + ": " + message;
    }
}
