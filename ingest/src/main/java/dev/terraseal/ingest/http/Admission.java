package dev.terraseal.ingest.http;

import java.util.concurrent.Semaphore;

/** How many requests may do one thing at once. What is beyond is refused at once: a queue would only be slower to say so. */
public final class Admission {
    private final Semaphore places;
    private final String refusal;

    /** @param refusal what a client is told for whom there is no place */
    public Admission(int places, String refusal) {
        this.places = new Semaphore(places);
        this.refusal = refusal;
    }

    /** Takes a place. */
    public void enter() throws ProblemException {
        if (!places.tryAcquire()) {
            throw ProblemException.tooMany(refusal);
        }
    }

    /** Gives a place back that {@link #enter} took. */
    public void leave() {
        places.release();
    }

    public int free() {
        return places.availablePermits();
    }

    /** A route whose requests each take a place until they are answered. */
    public Route around(Route route) {
        return request -> {
            enter();
            request.afterwards(this::leave);
            return route.answer(request);
        };
    }
}
