package dev.terraseal.store.s3;

import dev.terraseal.testkit.s3.Quirk;
import dev.terraseal.testkit.s3.S3StandIn;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The same contract on a service that behaves as Ceph RGW 16.2 was seen to. */
class S3StoreWhereConditionsAreIgnoredTest extends S3Contract {
    private S3StandIn service;

    @BeforeEach
    void start() throws IOException {
        service = S3StandIn.start(
                Clock.systemUTC(),
                Quirk.IGNORES_IF_NONE_MATCH,
                Quirk.REFUSES_IF_MATCH,
                Quirk.REFUSES_ANOTHER_MODE,
                Quirk.IGNORES_CHECKSUM);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Override
    URI endpoint() {
        return service.endpoint();
    }
}
