package dev.terraseal.ingest.http;

import java.io.IOException;

/** Answers a request. May block; runs on the server's threads, many at once. */
public interface Route {
    Reply answer(Request request) throws ProblemException, IOException, InterruptedException;
}
