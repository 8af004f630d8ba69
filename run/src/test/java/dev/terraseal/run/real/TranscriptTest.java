package dev.terraseal.run.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.real.Workbench.Transcript;
import dev.terraseal.run.server.FakeLogServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees under {@code terraseal run} is what plain terraform would have shown; docs/terraform-run.md lists the rest. */
class TranscriptTest {
    private static final String THREE = """
            resource "terraform_data" "a" {
              input = "x"
              provisioner "local-exec" {
                command = "printf 'one\\ntwo\\n'"
              }
            }
            resource "terraform_data" "b" {
              for_each   = toset(["k1", "k2"])
              input      = each.key
              depends_on = [terraform_data.a]
            }
            output "o" {
              value = { list = [1, 2], text = "x\\ny" }
            }
            """;
    private static final String PARTIAL = """
            resource "terraform_data" "ok" {
              input = "a"
            }
            resource "terraform_data" "bad" {
              input      = "b"
              depends_on = [terraform_data.ok]
              provisioner "local-exec" {
                command = "echo some words that are long enough to be wrapped by whoever shows them; exit 3"
              }
            }
            resource "terraform_data" "never" {
              depends_on = [terraform_data.bad]
            }
            """;
    private static final String FAILING = """
            variable "v" {
              default = "short"
            }
            resource "terraform_data" "bad" {
              input = var.v
              lifecycle {
                postcondition {
                  condition     = length(self.output) > 100 && var.v != ""
                  error_message = "Too short."
                }
              }
            }
            """;

    @TempDir
    Path root;

    private FakeLogServer server;
    private Workbench bench;

    @BeforeEach
    void start() throws Exception {
        server = new FakeLogServer();
        bench = new Workbench(root, server);
    }

    @AfterEach
    void stop() {
        bench.close();
        server.close();
    }

    private Transcript same(String hcl, String input, String... arguments) throws Exception {
        Transcript plain = bench.plain(bench.configuration("plain/infra", hcl), input, arguments);
        Transcript ours = bench.run(bench.configuration("ours/infra", hcl), input, arguments);
        assertThat(ours.sorted()).isEqualTo(plain.sorted());
        return ours;
    }

    private Json.Obj body() {
        assertThat(server.parsed()).hasSize(1);
        return server.parsed().get(0).object("predicate");
    }

    @Test
    void creating() throws Exception {
        Transcript ours = same(THREE, "yes\n", "apply");
        assertThat(ours.exit()).isZero();
        assertThat(ours.err()).contains("recorded as entry 0 of terraseal.local/fake, stream local/infra");
        Json.Obj body = body();
        assertThat(body.string("outcome")).isEqualTo("succeeded");
        assertThat(body.object("changes").number("add")).isEqualTo(3);
        assertThat(body.object("changes").array("resources").objects())
                .extracting(
                        line -> line.string("address") + " " + line.string("outcome") + " " + line.string("provider"))
                .containsExactly(
                        "terraform_data.a succeeded terraform.io/builtin/terraform",
                        "terraform_data.b[\"redacted:1\"] succeeded terraform.io/builtin/terraform",
                        "terraform_data.b[\"redacted:2\"] succeeded terraform.io/builtin/terraform");
        assertThat(body.object("plan").bool("saved")).isTrue();
        assertThat(body.object("plan").string("sha256"))
                .isEqualTo(server.parsed()
                        .get(0)
                        .array("subjects")
                        .objects()
                        .get(0)
                        .object("digest")
                        .string("sha256"));
        assertThat(body.object("state").has("serialBefore")).isFalse();
        assertThat(body.object("state").number("serialAfter")).isPositive();
        assertThat(body.object("capture").number("redactedPaths")).isEqualTo(2);
        assertThat(body.object("capture").array("unknownTypes").items()).isEmpty();
        assertThat(body.object("engine").string("uiVersion")).startsWith("1.");
    }

    @Test
    void creatingWithoutColourAndWithoutBeingAsked() throws Exception {
        assertThat(same(THREE, "", "apply", "-no-color", "-auto-approve").exit())
                .isZero();
    }

    @Test
    void nothingToChange() throws Exception {
        String hcl = "resource \"terraform_data\" \"a\" {}\noutput \"o\" { value = 1 }\n";
        Path plain = bench.configuration("plain/infra", hcl);
        Path ours = bench.configuration("ours/infra", hcl);
        bench.plain(plain, "", "apply", "-auto-approve");
        bench.plain(ours, "", "apply", "-auto-approve");
        assertThat(bench.run(ours, "", "apply").comparable())
                .isEqualTo(bench.plain(plain, "", "apply").comparable());
        Json.Obj state = body().object("state");
        assertThat(state.number("serialAfter")).isEqualTo(state.number("serialBefore"));
        assertThat(state.string("sha256After")).isEqualTo(state.string("sha256Before"));
    }

    @Test
    void sayingNo() throws Exception {
        Transcript ours = same(THREE, "no\n", "apply");
        assertThat(ours.exit()).isEqualTo(1);
        assertThat(server.events()).isEmpty();
        assertThat(bench.spool().resolve("queue")).isEmptyDirectory();
        assertThat(bench.spool().resolve("intents")).isEmptyDirectory();
        assertThat(bench.directory("tmp")).isEmptyDirectory();
    }

    @Test
    void sayingNothing() throws Exception {
        assertThat(same(THREE, "", "apply", "-input=false").exit()).isEqualTo(1);
        assertThat(server.events()).isEmpty();
    }

    @Test
    void failingInTheMiddle() throws Exception {
        assertThat(same(PARTIAL, "", "apply", "-auto-approve").exit()).isEqualTo(1);
        Json.Obj body = body();
        assertThat(body.string("outcome")).isEqualTo("partial");
        assertThat(body.object("invocation").number("exitCode")).isEqualTo(1);
        assertThat(body.object("changes").array("resources").objects())
                .extracting(line -> line.string("address") + " " + line.string("outcome"))
                .containsExactly(
                        "terraform_data.bad failed", "terraform_data.never not-started", "terraform_data.ok succeeded");
        assertThat(body.array("diagnostics").objects())
                .extracting(line -> line.string("severity"), line -> line.stringOrNull("address"))
                .containsExactly(org.assertj.core.groups.Tuple.tuple("error", "terraform_data.bad"));
    }

    @Test
    void failingWithoutColour() throws Exception {
        same(PARTIAL, "", "apply", "-auto-approve", "-no-color");
    }

    @Test
    void aConditionThatDoesNotHold() throws Exception {
        same(FAILING, "", "apply", "-auto-approve");
        same(FAILING + "\n", "", "apply", "-auto-approve", "-no-color");
    }

    @Test
    void aPlanThatFails() throws Exception {
        Transcript ours = same(
                "resource \"terraform_data\" \"a\" { input = var.missing }\nvariable \"missing\" {}\n",
                "",
                "apply",
                "-auto-approve",
                "-input=false");
        assertThat(ours.exit()).isEqualTo(1);
        assertThat(server.events()).isEmpty();
    }

    @Test
    void destroyingByBothNames() throws Exception {
        String hcl = "resource \"terraform_data\" \"a\" {}\noutput \"o\" { value = 1 }\n";
        for (List<String> words : List.of(List.of("apply", "-destroy"), List.of("destroy"))) {
            Path plain = bench.configuration("plain/infra", hcl);
            Path ours = bench.configuration("ours/infra", hcl);
            bench.plain(plain, "", "apply", "-auto-approve");
            bench.plain(ours, "", "apply", "-auto-approve");
            String[] arguments = words.toArray(new String[0]);
            assertThat(bench.run(ours, "yes\n", arguments).comparable())
                    .isEqualTo(bench.plain(plain, "yes\n", arguments).comparable());
        }
        assertThat(server.parsed())
                .extracting(event -> event.object("predicate").object("changes").number("remove"))
                .containsExactly(1L, 1L);
    }

    @Test
    void variablesTargetsAndAnotherDirectory() throws Exception {
        String hcl = """
                variable "v" { type = string }
                variable "once" {
                  type = string
                  ephemeral = true
                }
                resource "terraform_data" "a" { input = var.v }
                resource "terraform_data" "b" {}
                """;
        Path plain = bench.configuration("plain/infra", hcl);
        Path ours = bench.configuration("ours/infra", hcl);
        String[] arguments = {
            "-chdir=infra",
            "apply",
            "-no-color",
            "-auto-approve",
            "-var",
            "v=1",
            "-var=once=2",
            "-target=terraform_data.a"
        };
        assertThat(bench.run(ours.getParent(), "", arguments).sorted())
                .isEqualTo(bench.plain(plain.getParent(), "", arguments).sorted());
        assertThat(body().object("invocation").array("command").strings())
                .contains("-chdir=infra", "-var=v=[removed]", "-var=once=[removed]", "-target=terraform_data.a");
    }

    @Test
    void aPlanSomebodySavedBefore() throws Exception {
        Path plain = bench.configuration("plain/infra", THREE);
        Path ours = bench.configuration("ours/infra", THREE);
        bench.plain(plain, "", "plan", "-out=p");
        bench.plain(ours, "", "plan", "-out=p");
        assertThat(bench.run(ours, "", "apply", "p").sorted())
                .isEqualTo(bench.plain(plain, "", "apply", "p").sorted());
        assertThat(body().object("plan").string("sha256"))
                .isEqualTo(dev.terraseal.core.bytes.Digest.of(
                                dev.terraseal.core.bytes.Bytes.wrap(Files.readAllBytes(ours.resolve("p"))))
                        .hex());
    }

    @Test
    void aStalePlan() throws Exception {
        Path ours = bench.configuration("ours/infra", THREE);
        bench.plain(ours, "", "plan", "-out=p");
        bench.plain(ours, "", "apply", "-auto-approve");
        Transcript again = bench.run(ours, "", "apply", "p");
        assertThat(again.comparable())
                .isEqualTo(bench.plain(ours, "", "apply", "p").comparable());
        assertThat(again.exit()).isEqualTo(1);
        assertThat(body().string("outcome")).isEqualTo("failed");
    }

    @Test
    void whatTerraformRefusesBesideAPlanIsNotCarriedOut() throws Exception {
        String hcl = "variable \"db_password\" { default = \"\" }\nresource \"terraform_data\" \"a\" {}\n";
        Path plain = bench.configuration("plain/infra", hcl);
        Path ours = bench.configuration("ours/infra", hcl);
        bench.plain(plain, "", "plan", "-out=p");
        bench.plain(ours, "", "plan", "-out=p");
        for (String command : List.of(
                "destroy p",
                "apply p -target=terraform_data.a",
                "apply p -var db_password=hunter2",
                "apply -auto-aprove p")) {
            String[] words = command.split(" ");
            Transcript refused = bench.run(ours, "", words);
            assertThat(refused.exit()).as(command).isEqualTo(1);
            assertThat(refused.comparable())
                    .isEqualTo(bench.plain(plain, "", words).comparable());
        }
        assertThat(ours.resolve("terraform.tfstate")).doesNotExist();
        assertThat(server.events()).isEmpty();
        assertThat(bench.spool().resolve("intents")).isEmptyDirectory();
    }

    @Test
    void forgettingAndImporting() throws Exception {
        String before = "resource \"terraform_data\" \"old\" {}\n";
        String after = """
                removed {
                  from = terraform_data.old
                  lifecycle {
                    destroy = false
                  }
                }
                import {
                  to = terraform_data.found
                  id = "x"
                }
                resource "terraform_data" "found" {}
                """;
        Path plain = bench.configuration("plain/infra", before);
        Path ours = bench.configuration("ours/infra", before);
        for (Path directory : List.of(plain, ours)) {
            bench.plain(directory, "", "apply", "-auto-approve");
            Files.writeString(directory.resolve("main.tf"), after);
        }
        Transcript expected =
                bench.plain(plain, "", "apply", "-auto-approve", "-no-color").comparable();
        Transcript seen =
                bench.run(ours, "", "apply", "-auto-approve", "-no-color").comparable();
        assertThat(seen.exit()).isZero();
        assertThat(seen.out())
                .isEqualTo(expected.out().replaceAll("(?m)^terraform_data.found: Import(ing|\\b.*complete).*\n", ""));
        assertThat(body().object("changes").number("import")).isEqualTo(1);
        assertThat(body().object("changes").array("resources").objects())
                .extracting(line ->
                        line.string("address") + " " + line.array("actions").strings() + " " + line.string("outcome"))
                .containsExactly("terraform_data.old [remove] succeeded");
    }

    @Test
    void anotherWorkspace() throws Exception {
        bench.environment("TF_WORKSPACE", "default");
        Path plain = bench.configuration("plain/infra", THREE);
        Path ours = bench.configuration("ours/infra", THREE);
        bench.plain(plain, "", "workspace", "new", "dev");
        bench.plain(ours, "", "workspace", "new", "dev");
        bench.environment("TF_WORKSPACE", "dev");
        assertThat(bench.run(ours, "yes\n", "apply").sorted())
                .isEqualTo(bench.plain(plain, "yes\n", "apply").sorted());
        assertThat(server.parsed().get(0).string("stream")).isEqualTo("local/infra/dev");
    }

    @Test
    void commandsThatAreNotRecordedPassUntouched() throws Exception {
        Path ours = bench.configuration("ours/infra", THREE);
        assertThat(bench.run(ours, "", "validate", "-no-color").comparable())
                .isEqualTo(bench.plain(ours, "", "validate", "-no-color").comparable());
        assertThat(bench.run(ours, "", "plan", "-nonsense").exit()).isEqualTo(1);
        assertThat(bench.run(ours, "", "taint", "terraform_data.zzz").err()).contains("is not recorded");
    }

    @Test
    void jsonForPrograms() throws Exception {
        Path ours = bench.configuration("ours/infra", THREE);
        Transcript transcript = bench.run(ours, "", "apply", "-json", "-auto-approve");
        assertThat(transcript.out().lines())
                .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"))
                .anySatisfy(line -> assertThat(line).contains("\"apply_complete\""))
                .anySatisfy(line -> assertThat(line).contains("\"type\":\"outputs\""));
        Transcript asking = bench.run(ours, "yes\n", "apply", "-json");
        assertThat(asking.exit()).isEqualTo(125);
        assertThat(asking.err()).contains("-auto-approve").contains("terraform was not started");
    }
}
