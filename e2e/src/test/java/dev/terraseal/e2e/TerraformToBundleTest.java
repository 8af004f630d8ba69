package dev.terraseal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.tools.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job: a real apply in, a verified bundle out, one byte changed, refused. */
class TerraformToBundleTest {
    private static final String SECOND = "artifacts/00000000000000000001.json";

    @TempDir
    Path directory;

    @Test
    void aRealApplyBecomesABundleAndOneChangedByteIsRefused() throws Exception {
        String terraform = Tool.require("terraform").toString();
        Path workspace = Files.createDirectories(directory.resolve("workspace"));
        Path bundle = directory.resolve("bundle");
        String genesis;
        try (Up up = Up.start(directory.resolve("data"))) {
            genesis = up.genesis();
            configure(workspace, 1);
            require(0, Terminal.run(workspace, Map.of(), List.of(terraform, "init", "-no-color", "-input=false")));
            apply(workspace, up, terraform, "CHG-1");
            configure(workspace, 2);
            apply(workspace, up, terraform, "CHG-2");
            require(0, Terminal.terraseal(directory, "log", "list", "--data", directory.resolve("data")));
            require(0, Terminal.terraseal(directory, "export", "--data", directory.resolve("data"), "--out", bundle));
        }
        requireOneHistory(bundle);
        Terminal.Result whole = Terminal.terraseal(directory, "verify", bundle, "--genesis", genesis);
        require(0, whole);
        assertThat(whole.out() + whole.err()).contains("TRUSTED (0)");
        changeOneByte(bundle.resolve(SECOND));
        Terminal.Result refused = Terminal.terraseal(directory, "verify", bundle, "--genesis", genesis);
        require(4, refused);
        assertThat(refused.out() + refused.err()).contains("Hash mismatch for " + SECOND, "VERIFICATION FAILED (4)");
    }

    @Test
    void theDemoRunsToItsEnd() {
        Terminal.Result demo = Terminal.terraseal(directory, "demo");
        require(0, demo);
        assertThat(demo.out()).contains("Hash mismatch for " + SECOND, "Refused, with exit code 4, as it has to be.");
    }

    private void apply(Path workspace, Up up, String terraform, String ticket) {
        Terminal.Result applied = Terminal.run(
                workspace,
                Map.of(),
                Terminal.command(
                        "run",
                        "--server",
                        up.http(),
                        "--spool",
                        directory.resolve("spool"),
                        "--stream",
                        "e2e/prod",
                        "--ticket",
                        ticket,
                        "--wait",
                        "checkpoint",
                        "--",
                        terraform,
                        "apply",
                        "-auto-approve",
                        "-input=false"));
        require(0, applied);
        assertThat(applied.out()).contains("Apply complete!");
    }

    /** What the second apply found is what the first one left. */
    private static void requireOneHistory(Path bundle) throws IOException {
        Statement first = statement(bundle.resolve("artifacts/00000000000000000000.json"));
        Statement second = statement(bundle.resolve(SECOND));
        assertThat(first.type()).isEqualTo(PredicateType.TERRAFORM_APPLY);
        assertThat(second.link().prevHash()).isEqualTo(first.entryHash());
        assertThat(first.body().object("change").string("ticket")).isEqualTo("CHG-1");
        assertThat(second.body().object("change").string("ticket")).isEqualTo("CHG-2");
        assertThat(second.body().object("state").string("sha256Before"))
                .isEqualTo(first.body().object("state").string("sha256After"));
        assertThat(second.body().object("state").number("serialBefore"))
                .isEqualTo(first.body().object("state").number("serialAfter"));
        assertThat(first.body().string("outcome")).isEqualTo("succeeded");
        assertThat(Files.readString(bundle.resolve(SECOND)))
                .as("no attribute value")
                .doesNotContain("version 2");
        assertThat(CanonicalJson.parseObject(Bytes.wrap(Files.readAllBytes(bundle.resolve("manifest.json"))))
                        .number("count"))
                .isEqualTo(3);
    }

    private static Statement statement(Path file) throws IOException {
        return Statement.parse(Bytes.wrap(Files.readAllBytes(file)));
    }

    private static void changeOneByte(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static void configure(Path workspace, int version) throws IOException {
        Files.writeString(
                workspace.resolve("main.tf"),
                "resource \"terraform_data\" \"service\" {\n  input = \"version %d\"\n}\n".formatted(version));
    }

    private static void require(int exit, Terminal.Result result) {
        assertThat(result.exit()).as(result.toString()).isEqualTo(exit);
    }
}
