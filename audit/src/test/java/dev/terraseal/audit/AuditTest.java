package dev.terraseal.audit;

import dev.terraseal.testkit.s3.S3StandIn;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** On the strict stand-in, every attempt on every object. */
class AuditTest extends AuditContract {
    private S3StandIn service;

    @BeforeEach
    @Override
    void archive() throws Exception {
        service = S3StandIn.start(Clock.systemUTC());
        super.archive();
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
    }

    @Override
    URI endpoint() {
        return service.endpoint();
    }

    @Override
    List<String> targets() {
        return List.copyOf(kept.keySet());
    }
}
