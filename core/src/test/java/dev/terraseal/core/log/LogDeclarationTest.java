package dev.terraseal.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.keys.KeyUse;
import org.junit.jupiter.api.Test;

class LogDeclarationTest {
    private final TestKeys attest = TestKeys.of(KeyUse.ATTEST);
    private final TestKeys log = TestKeys.of(KeyUse.LOG);
    private final TestKeys authority = TestKeys.of(KeyUse.AUTHORITY);

    @Test
    void theGenesisIsTheDigestOfTheBytesAndTheBytesAreKept() {
        LogDeclaration declaration = LogDeclaration.of(TestKeys.fields(1, attest, log, authority));
        assertThat(declaration.genesis()).isEqualTo(Digest.of(declaration.bytes()));
        assertThat(LogDeclaration.parse(declaration.bytes()).genesis()).isEqualTo(declaration.genesis());
        assertThat(declaration.keys(KeyUse.LOG)).containsExactly(log.declared());
    }

    @Test
    void oneKeyInTwoUsesIsRefused() {
        TestKeys twice = new TestKeys(
                attest.pair(),
                dev.terraseal.core.keys.DeclaredKey.of(
                        KeyUse.LOG,
                        attest.declared().algorithm(),
                        attest.declared().spki()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogDeclaration.of(TestKeys.fields(1, attest, twice, log, authority)))
                .withMessageContaining("one use");
    }

    @Test
    void aLogWithoutNeededKeysOrWithAThresholdThatNeverHoldsIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> LogDeclaration.of(TestKeys.fields(1, attest, authority)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogDeclaration.of(TestKeys.fields(2, attest, log, authority)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogDeclaration.of(TestKeys.fields(0, attest, log, authority)));
    }

    @Test
    void anUnknownMemberOrAnotherFormatIsRefused() {
        String text = LogDeclaration.of(TestKeys.fields(1, attest, log, authority))
                .bytes()
                .utf8();
        for (String bad : new String[] {
            text.replace("\"format\":1", "\"format\":2"),
            text.replace("{\"authority\"", "{\"aaa\":1,\"authority\""),
            text.replace("\"heartbeatSeconds\":600", "\"heartbeatSeconds\":0"),
            text.replace("\"retentionDays\":365", "\"retentionDays\":0"),
            text.replace("\"retentionDays\":365", "\"retentionDays\":36501"),
            text.replace("\"retentionDays\":365", "\"retentionDays\":9007199254740991"),
            text.replace("\"statementBytes\":524288", "\"statementBytes\":1048577"),
            text.replace("\"depth\":64", "\"depth\":65"),
            text.replace(attest.declared().keyid().hex(), "0".repeat(64)),
            text + "\n"
        }) {
            assertThat(bad).isNotEqualTo(text);
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> LogDeclaration.parse(Bytes.utf8(bad)));
        }
    }

    @Test
    void theLargestNumbersThereMayBeAreRead() {
        String text = LogDeclaration.of(TestKeys.fields(1, attest, log, authority))
                .bytes()
                .utf8()
                .replace("\"retentionDays\":365", "\"retentionDays\":36500")
                .replace("\"statementBytes\":524288", "\"statementBytes\":1048576");
        LogDeclaration read = LogDeclaration.parse(Bytes.utf8(text));
        assertThat(read.retention().toDays()).isEqualTo(36_500);
        assertThat(read.statementBytesLimit()).isEqualTo(1 << 20);
    }
}
