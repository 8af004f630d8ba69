package dev.terraseal.run.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StateReaderTest {
    private static StateSnapshot read(String state) throws IOException {
        return StateReader.read(new ByteArrayInputStream(state.getBytes(StandardCharsets.UTF_8)))
                .orElseThrow();
    }

    @Test
    void theDigestIsOverCanonicalJsonWithNumbersAsTheyStand() throws IOException {
        StateSnapshot state = read(
                "{ \"version\": 4, \"terraform_version\": \"1.11.4\", \"serial\": 7, \"lineage\": \"l\","
                        + " \"outputs\": {\"b\": {\"value\": 1.50}, \"a\": {\"value\": [1e3, 12345678901234567890, null, true, \"\\u00e9\\u0001\\/\"]}}}");
        String canonical =
                "{\"lineage\":\"l\",\"outputs\":{\"a\":{\"value\":[1e3,12345678901234567890,null,true,\"é\\u0001/\"]},"
                        + "\"b\":{\"value\":1.50}},\"serial\":7,\"version\":4}";
        assertThat(state.sha256()).isEqualTo(Digest.of(Bytes.utf8(canonical)));
        assertThat(state.lineage()).isEqualTo("l");
        assertThat(state.serial()).isEqualTo(7);
    }

    @Test
    void anUpgradeAloneIsNoChangeButTheSameNameDeeperIs() throws IOException {
        String state = "{\"terraform_version\": \"%s\", \"serial\": 1, \"x\": {\"terraform_version\": \"%s\"}}";
        assertThat(read(String.format(state, "1.0.0", "a")).sha256())
                .isEqualTo(read(String.format(state, "1.11.4", "a")).sha256())
                .isNotEqualTo(read(String.format(state, "1.0.0", "b")).sha256());
    }

    @Test
    void theOrderOfMembersAndTheSpacingDoNotCount() throws IOException {
        assertThat(read("{\"a\":1,\"b\":2}").sha256())
                .isEqualTo(read("{\n \"b\": 2,\n \"a\": 1 }").sha256());
    }

    @Test
    void anEmptyAnswerIsNoState() throws IOException {
        assertThat(StateReader.read(new ByteArrayInputStream(new byte[0]))).isEmpty();
    }

    @Test
    void aMemberTwiceIsRefused() {
        assertThatThrownBy(() -> read("{\"a\":1,\"a\":2}")).isInstanceOf(IOException.class);
    }

    @Test
    void aTruncatedStateIsRefused() {
        assertThatThrownBy(() -> read("{\"a\":[1,")).isInstanceOf(IOException.class);
    }

    @Test
    void providersAreKeptBySourceAddress() throws IOException {
        StateSnapshot state =
                read("{\"resources\": [{\"module\": \"module.m\", \"mode\": \"managed\", \"type\": \"aws_vpc\","
                        + " \"name\": \"v\", \"provider\": \"provider[\\\"registry.terraform.io/hashicorp/aws\\\"].west\","
                        + " \"instances\": [{\"attributes\": {\"secret\": \"hunter2\"}}]}]}");
        assertThat(state.providers())
                .containsExactly(java.util.Map.entry(
                        StateSnapshot.key("module.m", "managed", "aws_vpc", "v"),
                        "registry.terraform.io/hashicorp/aws"));
        assertThat(state.toString()).doesNotContain("hunter2");
    }
}
