package dev.terraseal.run.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.run.real.Workbench.Transcript;
import dev.terraseal.run.server.FakeLogServer;
import dev.terraseal.run.server.FakeLogServer.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the evidence of a real apply goes, what it holds and what it must not hold. */
class EvidenceTest {
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

    @Test
    void theEventOfAnApplyQuotesTheNewestCheckpointBeforeIt() throws Exception {
        Path directory = bench.configuration("infra", "resource \"terraform_data\" \"one\" {}\n");
        assertThat(bench.run(directory, "", "apply", "-auto-approve").exit()).isZero();
        Transcript second = bench.run(directory, "", "destroy", "-auto-approve");
        assertThat(second.exit()).as(second.toString()).isZero();
        assertThat(server.parsed()).as(second.toString()).hasSize(2);
        assertThat(server.parsed().get(0).has("seenCheckpoint"))
                .as("the log was empty")
                .isFalse();
        assertThat(server.parsed().get(1).object("seenCheckpoint").number("size"))
                .isEqualTo(1);
    }

    /** One canary for each place a value can stand in. */
    private static final String CANARIES = """
            variable "plain" { type = string }
            variable "hidden" {
              type      = string
              sensitive = true
            }
            variable "fromenv" { type = string }
            variable "once" {
              type      = string
              ephemeral = true
            }
            resource "terraform_data" "attributes" {
              input = { a = "canary-attribute", b = var.plain, c = var.hidden, d = var.fromenv }
              provisioner "local-exec" {
                command     = "echo canary-provisioner-output; echo canary-environment-$SECRET >&2"
                environment = { SECRET = "canary-provisioner-environment" }
              }
            }
            resource "terraform_data" "keys" {
              for_each = { "canary-foreach-key" = "canary-foreach-value" }
              input    = each.value
            }
            resource "terraform_data" "failing" {
              input      = "canary-failing"
              depends_on = [terraform_data.keys, terraform_data.attributes]
              provisioner "local-exec" {
                command = "echo canary-error-output; exit 1"
              }
            }
            check "c" {
              assert {
                condition     = terraform_data.attributes.id == "canary-condition"
                error_message = "canary-check-message ${terraform_data.attributes.id}"
              }
            }
            output "canary_output_name" { value = "canary-output-value" }
            output "secret" {
              value     = var.hidden
              sensitive = true
            }
            """;

    @Test
    void noValueReachesAnythingThatIsWritten() throws Exception {
        Path directory = bench.configuration("infra", CANARIES);
        Files.writeString(directory.resolve("x.tfvars"), "hidden = \"canary-hidden\"\n");
        bench.environment("TF_VAR_fromenv", "canary-fromenv")
                .environment("TERRASEAL_TOKEN", "canary-token")
                .environment(
                        "GITHUB_STEP_SUMMARY", root.resolve("summary/file.md").toString())
                .environment("GITHUB_ACTIONS", "true")
                .environment("GITHUB_SERVER_URL", "https://user:canary-password@github.com")
                .environment("GITHUB_REPOSITORY", "acme/infra");
        bench.directory("summary");
        String[] arguments = {
            "apply",
            "-auto-approve",
            "-var",
            "plain=canary-plain",
            "-var=once=canary-once",
            "-var-file=x.tfvars",
            "-target=terraform_data.failing",
            "-target=terraform_data.keys[\"canary-foreach-key\"]"
        };
        server.plant(Fault.BUSY);
        Transcript failed = bench.runWith(directory, List.of("--patience", "1"), "", arguments);
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.err()).contains("canary-error-output").contains("not in the pipeline");
        Transcript again = bench.run(directory, "", arguments);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(server.parsed()).hasSize(2);

        List<Path> written = List.of(bench.spool(), bench.directory("tmp"), bench.directory("summary"));
        assertThat(Workbench.holding("canary", written)).isEmpty();
        for (Bytes event : server.events()) {
            assertThat(event.utf8()).doesNotContain("canary");
        }
        assertThat(server.parsed().get(0).object("predicate").object("capture").number("redactedPaths"))
                .isEqualTo(1);
        assertThat(server.requests()).allSatisfy(request -> assertThat(request).endsWith(" Bearer canary-token"));
        String ours = String.join(
                "\n",
                again.err()
                        .lines()
                        .filter(line -> line.startsWith("terraseal:"))
                        .toList());
        assertThat(ours).doesNotContain("canary");
    }

    @Test
    void whoeverAsksForInstanceKeysGetsThem() throws Exception {
        Path directory =
                bench.configuration("infra", "resource \"terraform_data\" \"a\" { for_each = toset([\"eu\"]) }\n");
        bench.runWith(directory, List.of("--instance-keys"), "", "apply", "-auto-approve");
        assertThat(server.events().get(0).utf8()).contains("terraform_data.a[\\\"eu\\\"]");
    }

    @Test
    void anUnreachablePipelineNeverFailsTheApplyAndLosesNothing() throws Exception {
        Path directory = bench.configuration("infra", "resource \"terraform_data\" \"a\" {}\n");
        bench.environment("GITHUB_ACTIONS", "true").environment("TERRASEAL_SERVER", "http://127.0.0.1:9");
        Transcript ours = bench.runWith(directory, List.of("--patience", "1"), "", "apply", "-auto-approve");
        assertThat(ours.exit()).isZero();
        assertThat(ours.err())
                .contains("WARNING")
                .contains(bench.spool().toString())
                .contains("actions/upload-artifact");
        assertThat(ours.err()).contains("\n::warning");
        assertThat(ours.out()).doesNotContain("::warning");
        Transcript strict =
                bench.runWith(directory, List.of("--patience", "1", "--require-receipt"), "", "apply", "-auto-approve");
        assertThat(strict.exit()).isEqualTo(124);
        assertThat(strict.err()).contains("exit 124");
        assertThat(bench.ours(directory, "spool", "list").out().lines()).hasSize(2);
        assertThat(bench.ours(directory, "spool", "flush", "--patience", "1").exit())
                .isEqualTo(3);

        bench.environment("TERRASEAL_SERVER", server.url());
        assertThat(bench.ours(directory, "spool", "flush").exit()).isZero();
        assertThat(server.parsed()).hasSize(2);
        Json.Obj first = server.parsed().get(0).object("predicate").object("state");
        Json.Obj second = server.parsed().get(1).object("predicate").object("state");
        assertThat(second.string("sha256Before")).isEqualTo(first.string("sha256After"));
        assertThat(second.number("serialBefore")).isEqualTo(first.number("serialAfter"));
    }

    @Test
    void theReceiptGoesToTheJobSummaryAndToPrograms() throws Exception {
        Path directory = bench.configuration("infra", "resource \"terraform_data\" \"a\" {}\n");
        Path summary = root.resolve("summary.md");
        bench.environment("GITHUB_STEP_SUMMARY", summary.toString());
        Transcript ours = bench.runWith(
                directory,
                List.of(
                        "--json",
                        "--require-receipt",
                        "--wait",
                        "checkpoint",
                        "--stream",
                        "acme/infra/prod",
                        "--id",
                        "run-1",
                        "--ticket",
                        "OPS-42",
                        "--reason",
                        "because",
                        "--requested-by",
                        "anna"),
                "",
                "apply",
                "-auto-approve");
        assertThat(ours.exit()).isZero();
        String last = ours.out().lines().reduce((before, line) -> line).orElseThrow();
        Json.Obj json = CanonicalJson.parseObject(Bytes.utf8(last));
        assertThat(json.string("status")).isEqualTo("recorded");
        assertThat(json.number("sequence")).isZero();
        assertThat(Files.readString(summary).lines()).hasSize(5);
        assertThat(Files.readString(summary)).contains("acme/infra/prod").contains(json.string("entryHash"));
        assertThat(server.parsed()
                        .get(0)
                        .object("predicate")
                        .object("change")
                        .bytes()
                        .utf8())
                .isEqualTo("{\"reason\":\"because\",\"requestedBy\":\"anna\",\"ticket\":\"OPS-42\"}");

        Transcript receipt = bench.ours(directory, "receipt", "--sequence", "0");
        assertThat(receipt.exit()).isZero();
        Bytes named = Bytes.utf8(receipt.out().strip());
        assertThat(dev.terraseal.core.receipt.Receipt.parse(named).proof()).isNotNull();
        assertThat(bench.ours(directory, "receipt", "--stream", "acme/infra/prod", "--id", "run-1")
                        .out())
                .isEqualTo(receipt.out());
        assertThat(bench.ours(directory, "receipt", "--sequence", "9").exit()).isEqualTo(3);
    }

    @Test
    void eventsComeThroughAPipe() throws Exception {
        String events = dev.terraseal.run.recorded.RecordedApply.events().utf8();
        Transcript submitted = bench.oursReading(root, events, "submit", "-", "--wait");
        assertThat(submitted.err()).isEmpty();
        assertThat(submitted.exit()).isZero();
        assertThat(server.events()).hasSize(2);
    }

    /**
     * Terraform's own cost grows with the square of the number (it copies its whole state after every resource): 5,000
     * take minutes of a core without us too. {@code TERRASEAL_RESOURCES=5000} makes it so many.
     */
    @Test
    void aLongListOfResourcesBecomesAnAttachment() throws Exception {
        int count = Integer.parseInt(System.getenv().getOrDefault("TERRASEAL_RESOURCES", "1001"));
        try (StateServer state = new StateServer()) {
            Path directory = bench.patient(count > 2000 ? 1800 : 180)
                    .configuration(
                            "infra",
                            "terraform {\n  backend \"http\" {\n    address = \"" + state.url() + "\"\n  }\n}\n"
                                    + "resource \"terraform_data\" \"a\" {\n  count = " + count + "\n}\n");
            Transcript ours = bench.run(directory, "", "apply", "-auto-approve", "-no-color", "-parallelism=50");
            assertThat(ours.exit()).isZero();
            assertThat(ours.out()).contains(count + " added");
        }
        Json.Obj body = server.parsed().get(0).object("predicate");
        Json.Obj changes = body.object("changes");
        assertThat(changes.number("add")).isEqualTo(count);
        assertThat(changes.has("resources")).isFalse();
        Digest named = changes.digest("resourcesSha256");
        Json.Arr list = (Json.Arr) CanonicalJson.parse(server.attachments().get(named));
        List<String> addresses = new ArrayList<>();
        list.objects().forEach(line -> addresses.add(line.string("address")));
        assertThat(addresses)
                .hasSize(count)
                .doesNotHaveDuplicates()
                .isSorted()
                .contains("terraform_data.a[" + (count - 1) + "]");
        assertThat(bench.spool().resolve("attachments")).isEmptyDirectory();
        assertThat(body.object("workspace").string("backend")).isEqualTo("http");
        assertThat(body.object("state").has("sha256After")).isTrue();
    }
}
