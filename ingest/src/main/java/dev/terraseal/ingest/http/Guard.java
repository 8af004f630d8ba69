package dev.terraseal.ingest.http;

/** Who may ask at all. Runs before any route and any mounted handler, so that none can forget it. */
public interface Guard {
    void check(Request request) throws ProblemException;
}
