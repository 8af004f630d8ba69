package dev.terraseal.run.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InvocationTest {
    private static Invocation parse(String... words) {
        return Invocation.parse(List.of(words), Map.of());
    }

    private static List<String> recorded(String... words) {
        return parse(words).recorded(new InstanceKeys(false));
    }

    @Test
    void applyAndDestroyAreRecordedAndNothingElseIs() {
        assertThat(parse("terraform", "apply").isApply()).isTrue();
        assertThat(parse("/opt/bin/tofu", "-chdir=x", "destroy").isApply()).isTrue();
        assertThat(parse("terraform", "plan").isApply()).isFalse();
        assertThat(parse("terraform", "apply", "-help").isApply()).isFalse();
        assertThat(parse("terraform", "-version").isApply()).isFalse();
        assertThat(parse("terraform").isApply()).isFalse();
    }

    @Test
    void commandsThatChangeStateUnrecordedAreKnown() {
        assertThat(parse("terraform", "import", "a.b", "id").changesStateUnrecorded())
                .isTrue();
        assertThat(parse("terraform", "state", "rm", "a.b").changesStateUnrecorded())
                .isTrue();
        assertThat(parse("terraform", "env", "delete", "x").changesStateUnrecorded())
                .isTrue();
        assertThat(parse("terraform", "test").changesStateUnrecorded()).isTrue();
        assertThat(parse("terraform", "init", "-backend-config", "a=b", "-migrate-state=true")
                        .changesStateUnrecorded())
                .isTrue();
        assertThat(parse("terraform", "init", "--force-copy").changesStateUnrecorded())
                .isTrue();
        assertThat(parse("terraform", "init", "-upgrade").changesStateUnrecorded())
                .isFalse();
        assertThat(parse("terraform", "state", "list").changesStateUnrecorded()).isFalse();
    }

    @Test
    void anotherProgramIsRefused() {
        assertThatThrownBy(() -> parse("terragrunt", "apply")).hasMessageContaining("neither terraform nor tofu");
        assertThatThrownBy(() -> parse()).hasMessageContaining("no command");
    }

    @Test
    void valuesOfVariablesNeverReachTheRecord() {
        assertThat(recorded(
                        "/usr/bin/terraform",
                        "-chdir=prod",
                        "apply",
                        "-var",
                        "password=hunter2",
                        "-var=token=abc=def",
                        "--var",
                        "broken",
                        "-var-file=prod.tfvars",
                        "-parallelism=3",
                        "-surprise=hunter2",
                        "-auto-approve"))
                .containsExactly(
                        "terraform",
                        "-chdir=prod",
                        "apply",
                        "-var=password=[removed]",
                        "-var=token=[removed]",
                        "-var=[removed]",
                        "-var-file=prod.tfvars",
                        "-parallelism=3",
                        "-surprise=[removed]",
                        "-auto-approve");
    }

    @Test
    void wordsAfterThePlanFileNeverReachTheRecord() {
        assertThat(recorded("terraform", "apply", "p", "-var", "a=canary"))
                .containsExactly("terraform", "apply", "p", "[removed]", "[removed]");
    }

    @Test
    void anApplyThatTerraformRefusesForItsWordsIsKnown() {
        assertThat(parse("terraform", "apply", "p", "-target=x").isRefusedByTerraform())
                .isTrue();
        assertThat(parse("terraform", "destroy", "p").isRefusedByTerraform()).isTrue();
        assertThat(parse("terraform", "apply", "p").isRefusedByTerraform()).isFalse();
        assertThat(parse("terraform", "apply", "-target=x").isRefusedByTerraform())
                .isFalse();
        assertThat(parse("terraform", "plan", "p", "q").isRefusedByTerraform()).isFalse();
    }

    @Test
    void emptyWordsBeforeTheSubcommandAreLookedPast() {
        assertThat(parse("terraform", "", "-chdir=x", "", "apply").isApply()).isTrue();
        assertThat(recorded("terraform", "", "-chdir=x", "", "apply"))
                .containsExactly("terraform", "-chdir=x", "apply");
    }

    @Test
    void besideABroughtPlanTerraformJudgesEveryWord() {
        Arguments arguments = parse(
                        "terraform",
                        "apply",
                        "-auto-approve",
                        "-json",
                        "-input=false",
                        "-auto-aprove",
                        "-json=maybe",
                        "-var",
                        "a=b",
                        "-destroy",
                        "-target=x.y",
                        "-no-color",
                        "p")
                .arguments();
        assertThat(arguments.besideBroughtPlan())
                .containsExactly("-auto-aprove", "-json=maybe", "-var", "a=b", "-destroy", "-target=x.y", "-no-color");
    }

    @Test
    void anApprovalThatIsNoBooleanGoesToThePlanWhichRefusesIt() {
        assertThat(parse("terraform", "apply", "-auto-approve=maybe")
                        .arguments()
                        .forPlan())
                .containsExactly("-auto-approve=maybe");
    }

    @Test
    void keysInTargetsAreLeftOut() {
        assertThat(recorded("terraform", "apply", "-target", "a.b[\"alice\"]", "-replace=c.d[\"bob\"]"))
                .containsExactly("terraform", "apply", "-target=a.b[\"redacted:1\"]", "-replace=c.d[\"redacted:2\"]");
    }

    @Test
    void planAndApplyEachGetWhatTheyTake() {
        Arguments arguments = parse(
                        "terraform",
                        "apply",
                        "-auto-approve",
                        "-var",
                        "a=b",
                        "-lock-timeout=3s",
                        "-state-out",
                        "o",
                        "-target=x.y",
                        "-no-color")
                .arguments();
        assertThat(arguments.forPlan()).containsExactly("-var", "a=b", "-lock-timeout=3s", "-target=x.y", "-no-color");
        assertThat(arguments.forSavedPlan(false)).containsExactly("-lock-timeout=3s", "-state-out", "o");
        assertThat(arguments.forSavedPlan(true)).containsExactly("-var", "a=b", "-lock-timeout=3s", "-state-out", "o");
    }

    @Test
    void argumentsOfTheEnvironmentComeFirstAsTerraformPutsThem() {
        Invocation invocation = Invocation.parse(
                List.of("terraform", "apply", "plan.out"),
                Map.of("TF_CLI_ARGS_apply", "-auto-approve -var 'x=a b'", "TF_CLI_ARGS", "-no-color"));
        assertThat(invocation.arguments().flag("auto-approve", false)).isTrue();
        assertThat(invocation.arguments().value("var")).isEqualTo("x=a b");
        assertThat(invocation.arguments().flag("no-color", false)).isTrue();
        assertThat(invocation.planFile()).isEqualTo("plan.out");
    }

    @Test
    void optionsAreReadAsGoReadsThem() {
        Arguments arguments = Arguments.parse(List.of("-refresh=false", "--lock=0", "-destroy", "file", "-json"));
        assertThat(arguments.flag("refresh", true)).isFalse();
        assertThat(arguments.flag("lock", true)).isFalse();
        assertThat(arguments.flag("destroy", false)).isTrue();
        assertThat(arguments.flag("json", false)).isFalse();
        assertThat(arguments.positional()).containsExactly("file", "-json");
    }

    @Test
    void chdirMovesTheDirectory() {
        assertThat(parse("terraform", "-chdir=../x", "apply").directory(Path.of("/a/b")))
                .isEqualTo(Path.of("/a/x"));
    }

    @Test
    void anOpenQuoteInTheEnvironmentIsRefused() {
        assertThatThrownBy(
                        () -> Invocation.parse(List.of("terraform", "apply"), Map.of("TF_CLI_ARGS_apply", "-var 'x")))
                .hasMessageContaining("quote");
    }
}
