package dev.terraseal.run.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InstanceKeysTest {
    @Test
    void keysAreNumberedAndCountsStay() {
        InstanceKeys keys = new InstanceKeys(false);
        assertThat(keys.redact("module.m[\"eu\"].a.b[\"alice\"]"))
                .isEqualTo("module.m[\"redacted:1\"].a.b[\"redacted:2\"]");
        assertThat(keys.redact("a.b[\"alice\"]")).isEqualTo("a.b[\"redacted:2\"]");
        assertThat(keys.redact("a.b[3]")).isEqualTo("a.b[3]");
        assertThat(keys.count()).isEqualTo(2);
    }

    @Test
    void quotesInKeysDoNotEndThem() {
        assertThat(new InstanceKeys(false).redact("a.b[\"x\\\"]secret\"].c")).isEqualTo("a.b[\"redacted:1\"].c");
    }

    @Test
    void abrokenAddressGivesNothingAway() {
        assertThat(new InstanceKeys(false).redact("a.b[\"secret")).isEqualTo("a.b[\"redacted:1\"");
    }

    @Test
    void blanksBeforeAKeyDoNotShowIt() {
        InstanceKeys keys = new InstanceKeys(false);
        assertThat(keys.redact("a.b[ \"alice\" ]")).isEqualTo("a.b[ \"redacted:1\" ]");
        assertThat(keys.redact("a.b[\n\t\"bob\"].c[\"alice\"]")).isEqualTo("a.b[\n\t\"redacted:2\"].c[\"redacted:1\"]");
    }

    @Test
    void whoeverAsksForThemGetsThem() {
        assertThat(new InstanceKeys(true).redact("a.b[\"alice\"]")).isEqualTo("a.b[\"alice\"]");
    }
}
