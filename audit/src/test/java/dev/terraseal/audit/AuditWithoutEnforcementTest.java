package dev.terraseal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.store.s3.Administrator.Attempt;
import dev.terraseal.testkit.s3.Quirk;
import dev.terraseal.testkit.s3.S3StandIn;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.FindingName;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service whose lock is only a header: every attempt succeeds, and the audit says which and where. */
class AuditWithoutEnforcementTest {
    private static final Set<Attempt> DELETES =
            EnumSet.of(Attempt.DELETE, Attempt.DELETE_WITH_BYPASS, Attempt.DELETE_IN_BATCH);

    private final Setup setup = new Setup();

    /** The archive of the contract, without its tests. */
    private static final class Setup extends AuditContract {
        private S3StandIn service;

        @Override
        void archive() throws Exception {
            service = S3StandIn.start(Clock.systemUTC(), Quirk.IGNORES_LOCK);
            directory = java.nio.file.Files.createTempDirectory("terraseal-audit-test-");
            super.archive();
            upload();
        }

        @Override
        void close() {
            super.close();
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

    @BeforeEach
    void archive() throws Exception {
        setup.archive();
    }

    @AfterEach
    void close() {
        setup.close();
    }

    private List<Finding> after(Attempt attempt, String name) throws IOException {
        assertThat(setup.administrator.attempt(attempt, name, setup.versionOf(name)))
                .isTrue();
        AuditReport report = setup.audit();
        assertThat(report.verdict().code()).as(attempt + " " + name).isEqualTo(4);
        return report.verdict().findings();
    }

    @Test
    void aShortenedDowngradedOrRemovedLockIsNamed() throws Exception {
        List<String> targets = new ArrayList<>(setup.targets());
        FindingName[] expected = {
            FindingName.RETENTION_SHORT,
            FindingName.RETENTION_SHORT,
            FindingName.GOVERNANCE_LOCK,
            FindingName.NOT_LOCKED
        };
        Attempt[] attempts = {Attempt.SHORTEN, Attempt.SHORTEN_WITH_BYPASS, Attempt.DOWNGRADE, Attempt.REMOVE_RETENTION
        };
        for (int i = 0; i < attempts.length; i++) {
            for (String name : targets) {
                assertThat(setup.administrator.attempt(attempts[i], name, setup.versionOf(name)))
                        .as(name)
                        .isTrue();
            }
            AuditReport report = setup.audit();
            assertThat(report.verdict().code()).isEqualTo(4);
            assertThat(AuditContract.named(report, expected[i]))
                    .as(attempts[i].name())
                    .containsExactlyInAnyOrderElementsOf(targets);
            assertThat(report.json().object("audit").object("senses").number("tampering"))
                    .isZero();
        }
    }

    @Test
    void aDeletedObjectIsMissed() throws Exception {
        String newest = "checkpoints/" + setup.fixture.size();
        for (String name : List.of("log.json", "segments/00000000000000000060.jsonl", "tile/0/000", newest)) {
            for (Attempt attempt : DELETES) {
                List<Finding> findings = after(attempt, name);
                assertThat(findings)
                        .as(attempt + " " + name)
                        .anyMatch(each -> each.message().contains(name));
                setup.close();
                setup.archive();
            }
        }
    }

    @Test
    void anObjectThatWasTakenAwayAndReplacedIsNamed() throws Exception {
        for (String from : List.of("segments/00000000000000000060.jsonl", "tile/0/000", "keys/")) {
            String name = setup.kept.ceilingKey(from);
            String version = setup.versionOf(name);
            setup.administrator.plant(name, AuditContract.GARBAGE);
            assertThat(setup.administrator.attempt(Attempt.DELETE, name, version))
                    .isTrue();
            AuditReport report = setup.audit();
            assertThat(report.verdict().code()).as(name).isEqualTo(4);
            assertThat(report.verdict().findings())
                    .as(name)
                    .anyMatch(each -> each.message().contains(name));
            assertThat(report.json().object("audit").object("senses").number("tampering"))
                    .as(name)
                    .isPositive();
            setup.close();
            setup.archive();
        }
    }
}
