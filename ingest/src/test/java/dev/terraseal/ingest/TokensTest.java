package dev.terraseal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    private Path file;

    @BeforeEach
    void place(@TempDir Path directory) {
        file = directory.resolve("tokens");
    }

    private Tokens of(String... lines) throws IOException {
        Files.write(file, java.util.List.of(lines));
        return Tokens.read(file);
    }

    private static String hash(String token) {
        return Digest.of(Bytes.utf8(token)).hex();
    }

    @Test
    void aCallerIsWhoeverHoldsTheTokenAndNobodyElse() throws Exception {
        Tokens tokens = of("# pipelines", "", "ci " + hash("s3cret") + " acme/infra");
        assertThat(tokens.caller("Bearer s3cret")).get().satisfies(caller -> {
            assertThat(caller.name()).isEqualTo("ci");
            assertThat(caller.tokenSha256()).isEqualTo(Digest.of(Bytes.utf8("s3cret")));
        });
        assertThat(tokens.caller("bearer s3cret")).isPresent();
        assertThat(tokens.caller("Bearer s3cre")).isEmpty();
        assertThat(tokens.caller("Bearer")).isEmpty();
        assertThat(tokens.caller("Basic s3cret")).isEmpty();
        assertThat(tokens.caller("Bearer " + hash("s3cret"))).isEmpty();
    }

    @Test
    void aPrefixIsAStreamOrWhatIsBelowItAndNotWhatBeginsLikeIt() throws Exception {
        Tokens.Caller caller =
                of("ci " + hash("t") + " acme/infra other").caller("Bearer t").orElseThrow();
        assertThat(caller.maySend(new StreamId("acme/infra"))).isTrue();
        assertThat(caller.maySend(new StreamId("acme/infra/prod"))).isTrue();
        assertThat(caller.maySend(new StreamId("other"))).isTrue();
        assertThat(caller.maySend(new StreamId("acme/infrastructure"))).isFalse();
        assertThat(caller.maySend(new StreamId("acme"))).isFalse();
        Tokens.Caller any = of("ci " + hash("t")).caller("Bearer t").orElseThrow();
        assertThat(any.maySend(new StreamId("acme"))).isTrue();
    }

    @Test
    void aLineThatCannotBeReadIsNamedByItsNumber() {
        assertThatThrownBy(() -> of("# x", "ci")).hasMessageContaining("line 2: write <name> <sha256");
        assertThatThrownBy(() -> of("ci nothex")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> of("ci " + hash("t") + " bad//stream")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> of("a".repeat(257) + " " + hash("t"))).hasMessageContaining("at most 256");
        assertThatThrownBy(() -> of("a " + hash("t"), "b " + hash("t")))
                .hasMessageContaining("line 2: this token is on a line before already");
    }
}
