package dev.terraseal.audit;

/** Told how far an audit is. Called from one thread. */
@FunctionalInterface
public interface AuditProgress {
    AuditProgress SILENT = (what, done, of) -> {};

    void at(String what, long done, long of);
}
