package dev.terraseal.run.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApplyLogTest {
    private static final String SUMMARY =
            "{\"@message\":\"Apply complete!\",\"type\":\"change_summary\",\"changes\":{\"add\":1,\"change\":2,\"remove\":3,\"import\":4,\"operation\":\"apply\"}}";

    private static ApplyLog log(String... lines) {
        ApplyLog log = new ApplyLog();
        for (String line : lines) {
            UiMessage.parse(Bytes.utf8(line)).ifPresentOrElse(log::add, log::other);
        }
        return log;
    }

    private static String hook(String type, String address, String action) {
        return "{\"@message\":\"m\",\"type\":\"" + type + "\",\"hook\":{\"resource\":" + resource(address)
                + ",\"action\":\"" + action + "\",\"elapsed_seconds\":1.5,\"id_value\":\"hunter2\"}}";
    }

    private static String planned(String address, String action) {
        return "{\"@message\":\"m\",\"type\":\"planned_change\",\"change\":{\"resource\":" + resource(address)
                + ",\"action\":\"" + action + "\"}}";
    }

    private static String resource(String address) {
        return "{\"addr\":\"" + address + "\",\"module\":\"\",\"resource\":\"" + address
                + "\",\"resource_type\":\"t\",\"resource_name\":\"n\",\"resource_key\":\"hunter2\"}";
    }

    private static List<String> lines(ApplyLog log) {
        return lines(log, 1);
    }

    private static List<String> lines(ApplyLog log, int exitCode) {
        return ResourceLines.of(log, log.isComplete(exitCode), new InstanceKeys(false), List.of()).stream()
                .map(line -> ((Json.Obj) line).string("address") + " " + ((Json.Obj) line).stringOrNull("outcome") + " "
                        + ((Json.Obj) line).array("actions").strings())
                .toList();
    }

    @Test
    void onlyAnEndWithASummaryIsASuccess() {
        assertThat(log(SUMMARY).outcome(0, false)).isEqualTo("succeeded");
        assertThat(log().outcome(0, false)).isEqualTo("unknown");
        assertThat(log(SUMMARY).outcome(0, true)).isEqualTo("succeeded");
    }

    @Test
    void aFailureIsPartialWhereSomethingWasDone() {
        assertThat(log(planned("a.b", "create")).outcome(1, false)).isEqualTo("failed");
        assertThat(log(hook("apply_start", "a.b", "create"), hook("apply_complete", "a.b", "create"))
                        .outcome(1, false))
                .isEqualTo("partial");
    }

    @Test
    void anInterruptIsNamedWhoeverSawIt() {
        assertThat(log().outcome(1, true)).isEqualTo("interrupted");
        assertThat(log("{\"@message\":\"\\nInterrupt received.\\n\",\"type\":\"log\"}")
                        .outcome(1, false))
                .isEqualTo("interrupted");
    }

    @Test
    void aKilledEngineIsUnknown() {
        assertThat(log(hook("apply_start", "a.b", "create")).outcome(137, false))
                .isEqualTo("unknown");
    }

    @Test
    void everyResourceSaysHowFarItCame() {
        ApplyLog log = log(
                planned("a.done", "create"),
                planned("a.never", "create"),
                planned("a.hanging", "update"),
                planned("a.broken", "create"),
                planned("a.replaced", "replace"),
                planned("a.half", "replace"),
                hook("apply_start", "a.done", "create"),
                hook("apply_complete", "a.done", "create"),
                hook("apply_start", "a.hanging", "update"),
                hook("apply_start", "a.broken", "create"),
                hook("apply_errored", "a.broken", "create"),
                hook("apply_start", "a.replaced", "create"),
                hook("apply_complete", "a.replaced", "create"),
                hook("apply_start", "a.replaced", "delete"),
                hook("apply_complete", "a.replaced", "delete"),
                hook("apply_start", "a.half", "delete"),
                hook("apply_complete", "a.half", "delete"));
        assertThat(lines(log))
                .containsExactly(
                        "a.broken failed [create]",
                        "a.done succeeded [create]",
                        "a.half unfinished [delete]",
                        "a.hanging unfinished [update]",
                        "a.never not-started [create]",
                        "a.replaced succeeded [create, delete]");
        assertThat(log.counts()).isEqualTo(new ApplyLog.Counts(2, 0, 2, null));
    }

    @Test
    void whatIsForgottenHappenedIfTheApplyDid() {
        assertThat(lines(log(planned("a.b", "remove"), SUMMARY), 0)).containsExactly("a.b succeeded [remove]");
        assertThat(lines(log(planned("a.b", "remove"), SUMMARY), 1)).containsExactly("a.b null [remove]");
        assertThat(lines(log(planned("a.b", "remove")), 0)).containsExactly("a.b null [remove]");
    }

    @Test
    void anEngineThatCouldNotReadItsOptionsDidNothing() {
        String refused =
                "{\"@message\":\"m\",\"type\":\"diagnostic\",\"diagnostic\":{\"severity\":\"error\",\"summary\":\"Failed to parse command-line flags\"}}";
        assertThat(log(refused).refusedOptions()).isTrue();
        assertThat(log(planned("a.b", "create"), refused).refusedOptions()).isFalse();
        assertThat(log(SUMMARY).refusedOptions()).isFalse();
    }

    @Test
    void theEnginesOwnCountWins() {
        assertThat(log(SUMMARY).counts()).isEqualTo(new ApplyLog.Counts(1, 2, 3, 4L));
    }

    @Test
    void whatIsNotUnderstoodIsCountedAndNotGuessed() {
        ApplyLog log = log(
                "not json",
                "{\"half\":",
                "[1]",
                "{\"@message\":\"m\",\"type\":\"brand_new\"}",
                "{\"@message\":\"m\",\"type\":\"My secret: hunter2\"}");
        assertThat(log.otherLines()).isEqualTo(3);
        assertThat(log.jsonLines()).isEqualTo(2);
        assertThat(log.unknownTypes()).containsExactly("(not a word)", "brand_new");
    }

    @Test
    void anotherMajorVersionOfTheStreamIsAnotherLanguage() {
        ApplyLog log = log("{\"@message\":\"m\",\"type\":\"version\",\"terraform\":\"9.0\",\"ui\":\"2.0\"}", SUMMARY);
        assertThat(log.unknownTypes()).containsExactly("change_summary");
        assertThat(log.outcome(0, false)).isEqualTo("unknown");
    }

    @Test
    void diagnosticsKeepADigestOfTheirSummaryOnly() {
        ApplyLog log = log(
                "{\"@message\":\"m\",\"type\":\"diagnostic\",\"diagnostic\":{\"severity\":\"error\",\"summary\":\"boom\",\"detail\":\"hunter2\",\"address\":\"a.b\"}}");
        assertThat(log.findings())
                .containsExactly(
                        new ApplyLog.Finding("error", "a.b", dev.terraseal.core.bytes.Digest.of(Bytes.utf8("boom"))));
    }
}
