package dev.terraseal.verifier.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.testkit.tools.Tool;
import dev.terraseal.testkit.tsa.Flaw;
import dev.terraseal.testkit.tsa.OpensslAuthority;
import dev.terraseal.testkit.tsa.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens, right and wrong; and tokens that openssl made, and made of ours what it thinks. */
class TimeStampTokenTest {
    private static final Bytes DATA = Bytes.utf8("a checkpoint");
    private static final Instant TIME = Instant.parse("2026-11-22T01:02:03.400Z");

    @TempDir
    Path directory;

    private final TestAuthority authority = TestAuthority.seeded("tsa", 1);
    private final List<TimeAuthority> trusted = List.of(TimeAuthority.of(authority.rootPem(), TestAuthority.POLICY));

    @Test
    void aTokenSaysWhenItsDataExisted() throws Exception {
        TimeStampToken token = TimeStampToken.open(authority.stamp(DATA, TIME), DATA);
        assertThat(token.time()).isEqualTo(TIME);
        assertThat(token.under(trusted))
                .isEqualTo(new TimeStampToken.Path("CN=tsa root", EnumSet.of(Algorithm.ECDSA_SHA_256)));
    }

    @Test
    void aTokenIsJudgedAtItsOwnTime() throws Exception {
        TestAuthority old = TestAuthority.valid(
                "old", 5, Instant.parse("2001-01-01T00:00:00Z"), Instant.parse("2003-01-01T00:00:00Z"));
        Instant then = Instant.parse("2002-01-01T00:00:00Z");
        TimeStampToken token = TimeStampToken.open(old.stamp(DATA, then), DATA);
        assertThat(token.under(List.of(TimeAuthority.of(old.rootPem(), null)))).isNotNull();
    }

    @Test
    void nobodyIsBelievedWhoWasNotNamed() throws Exception {
        TimeStampToken token = TimeStampToken.open(authority.stamp(DATA, TIME), DATA);
        String other = TestAuthority.seeded("tsa", 60).rootPem();
        assertThat(token.under(List.of(TimeAuthority.of(other, null)))).isNull();
        assertThat(token.under(List.of(TimeAuthority.of(authority.rootPem(), TestAuthority.OTHER_POLICY))))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void aFlawIsFound(Flaw flaw) throws Exception {
        Bytes token = authority.stamp(DATA, TIME, flaw);
        switch (flaw) {
            case NONE, OTHER_NONCE ->
                assertThat(TimeStampToken.open(token, DATA).under(trusted)).isNotNull();
            case OTHER_POLICY, BROKEN_CHAIN ->
                assertThat(TimeStampToken.open(token, DATA).under(trusted)).isNull();
            default ->
                assertThatThrownBy(() -> TimeStampToken.open(token, DATA).under(trusted))
                        .isInstanceOf(TokenException.class);
        }
    }

    @Test
    void brokenBytesAreRefusedAndNothingElse() {
        Random random = new Random(20261122);
        byte[] whole = authority.stamp(DATA, TIME).toByteArray();
        for (int i = 0; i < 1_500; i++) {
            byte[] broken = whole.clone();
            for (int j = 0; j <= i % 3; j++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            try {
                TimeStampToken.open(Bytes.wrap(broken), DATA).under(trusted);
            } catch (TokenException | dev.terraseal.core.timestamp.UncheckableTokenException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void opensslAcceptsOursAndWeAcceptItsOwn() throws Exception {
        Tool.require("openssl");
        OpensslAuthority openssl = OpensslAuthority.begin(directory.resolve("ca"));
        for (OpensslAuthority.Kind kind : OpensslAuthority.Kind.values()) {
            TimeStampToken token = TimeStampToken.open(openssl.stamp(DATA, kind), DATA);
            assertThat(token.under(List.of(TimeAuthority.of(openssl.rootPem(), OpensslAuthority.POLICY))))
                    .as("%s", kind)
                    .isNotNull();
            assertThat(Duration.between(token.time(), Instant.now()).abs()).isLessThan(Duration.ofHours(1));
        }
        assertThat(opensslSays(authority.stamp(DATA, TIME))).contains("Verification: OK");
        assertThat(opensslSays(authority.stamp(DATA, TIME, Flaw.OTHER_KEY))).contains("Verification: FAILED");
        assertThat(opensslSays(authority.stamp(DATA, TIME, Flaw.OTHER_IMPRINT))).contains("Verification: FAILED");
    }

    private String opensslSays(Bytes token) throws IOException, InterruptedException {
        Files.write(directory.resolve("data"), DATA.toByteArray());
        Files.write(directory.resolve("token.tsr"), token.toByteArray());
        Files.writeString(directory.resolve("root.pem"), authority.rootPem());
        Process process = new ProcessBuilder(
                        "openssl",
                        "ts",
                        "-verify",
                        "-data",
                        "data",
                        "-in",
                        "token.tsr",
                        "-CAfile",
                        "root.pem",
                        "-attime",
                        String.valueOf(TIME.getEpochSecond()))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
