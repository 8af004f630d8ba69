package dev.terraseal.run.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginTest {
    @TempDir
    Path directory;

    @Test
    void credentialsOfUrlsAreTakenOut() {
        assertThat(Claims.url("https://user:pw@github.com/acme/infra.git?token=x#y"))
                .isEqualTo("https://github.com/acme/infra.git");
        assertThat(Claims.url("https://us er:p w@host/a b?t=1")).isEqualTo("https://host/a b");
        assertThat(Claims.url("git@github.com:acme/infra.git")).isEqualTo("github.com:acme/infra.git");
        assertThat(Claims.url("ssh://git@host:2222/acme/infra")).isEqualTo("ssh://host:2222/acme/infra");
        assertThat(Claims.url("/srv/git/infra")).isEqualTo("/srv/git/infra");
        assertThat(Claims.url("")).isNull();
    }

    @Test
    void githubIsRecognised() {
        Pipeline pipeline = Pipeline.of(Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_SERVER_URL", "https://github.com",
                "GITHUB_REPOSITORY", "acme/infra",
                "GITHUB_RUN_ID", "4711",
                "GITHUB_RUN_ATTEMPT", "2",
                "GITHUB_ACTOR", "anna\u001b[31m",
                "GITHUB_SHA", "abc",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "hunter2"));
        assertThat(pipeline.provider()).isEqualTo("github");
        assertThat(pipeline.runUrl()).isEqualTo("https://github.com/acme/infra/actions/runs/4711");
        assertThat(pipeline.actor()).isEqualTo("anna [31m");
        assertThat(pipeline.claimed("t").bytes().utf8()).doesNotContain("hunter2");
    }

    @Test
    void theOthersAreRecognised() {
        assertThat(Pipeline.of(Map.of("GITLAB_CI", "true", "CI_JOB_URL", "https://x:t@gl/j/1"))
                        .runUrl())
                .isEqualTo("https://gl/j/1");
        assertThat(Pipeline.of(Map.of("JENKINS_URL", "u", "GIT_URL", "https://u:p@h/r"))
                        .repository())
                .isEqualTo("https://h/r");
        assertThat(Pipeline.of(Map.of("TFC_RUN_ID", "run-1")).provider()).isEqualTo("hcp-terraform");
        assertThat(Pipeline.of(Map.of("PULL_NUM", "3", "BASE_REPO_NAME", "r", "BASE_REPO_OWNER", "o"))
                        .repository())
                .isEqualTo("o/r");
        assertThat(Pipeline.of(Map.of()).provider()).isEqualTo(Pipeline.NONE);
    }

    @Test
    void theBackendNamesTheStreamAndItsSecretsStayOut() throws Exception {
        Files.createDirectory(directory.resolve(".terraform"));
        Files.writeString(
                directory.resolve(".terraform/terraform.tfstate"),
                "{\"backend\":{\"type\":\"s3\",\"config\":{\"bucket\":\"acme-state\",\"key\":\"net work/prod.tfstate\",\"secret_key\":\"hunter2\"}}}");
        Files.writeString(directory.resolve(".terraform/environment"), "blue");
        Workspace workspace = Workspace.of(directory, Map.of());
        assertThat(workspace.toString()).doesNotContain("hunter2");
        assertThat(workspace.backend()).isEqualTo("s3");
        assertThat(StreamName.of(workspace, new Repository(null, null, null, null, null), directory)
                        .value())
                .isEqualTo("acme-state/net-work/prod/blue");
        assertThat(Workspace.of(directory, Map.of("TF_WORKSPACE", "green")).name())
                .isEqualTo("green");
    }

    @Test
    void withoutOneTheRepositoryDoes() {
        Workspace local = new Workspace("default", "local", List.of());
        Repository repository = new Repository("github.com:acme/infra.git", null, null, null, "envs/prod");
        assertThat(StreamName.of(local, repository, directory).value()).isEqualTo("acme/infra/envs/prod");
        Repository root = new Repository("https://github.com/acme/infra", null, null, null, ".");
        assertThat(StreamName.of(new Workspace("dev", "local", List.of()), root, directory)
                        .value())
                .isEqualTo("acme/infra/dev");
    }

    @Test
    void everyNameMakesAStream() {
        Workspace odd = new Workspace("..", "local", List.of());
        Repository none = new Repository(null, null, null, null, null);
        assertThat(StreamName.of(odd, none, Path.of("/a/é b")).value()).isEqualTo("local/--b/dot");
        Repository reserved = new Repository("h:_log/x", null, null, null, ".");
        assertThat(StreamName.of(new Workspace("default", "local", List.of()), reserved, directory)
                        .isReserved())
                .isFalse();
        Repository endless = new Repository("h:" + "long/".repeat(100), null, null, null, ".");
        assertThat(StreamName.of(odd, endless, directory).value()).hasSizeLessThanOrEqualTo(256);
    }

    @Test
    void aCheckoutIsRead() throws Exception {
        dev.terraseal.testkit.tools.Tool.require("git");
        for (String command : List.of(
                "git init -q -b main .",
                "git config user.email t@example.com",
                "git config user.name t",
                "git remote add origin https://u:hunter2@example.com/acme/infra.git",
                "mkdir prod",
                "touch prod/main.tf",
                "git add -A",
                "git commit -q -m one")) {
            int exit = new ProcessBuilder(command.split(" "))
                    .directory(directory.toFile())
                    .start()
                    .waitFor();
            assertThat(exit).as(command).isZero();
        }
        Repository clean = Repository.of(directory.resolve("prod"));
        assertThat(clean.remote()).isEqualTo("https://example.com/acme/infra.git");
        assertThat(clean.path()).isEqualTo("prod");
        assertThat(clean.ref()).isEqualTo("refs/heads/main");
        assertThat(clean.commit()).hasSize(40);
        assertThat(clean.dirty()).isFalse();
        dev.terraseal.run.spool.Spool spool =
                dev.terraseal.run.spool.Spool.open(directory.resolve("prod/.terraseal-spool"), notice -> {});
        spool.attach(dev.terraseal.core.bytes.Bytes.utf8("x"));
        assertThat(Repository.of(directory.resolve("prod")).dirty())
                .as("a spool in the checkout")
                .isFalse();
        Files.writeString(directory.resolve("prod/new.tf"), "");
        assertThat(Repository.of(directory.resolve("prod")).dirty()).isTrue();
    }

    @Test
    void whereThereIsNoCheckoutNothingIsKnown() throws Exception {
        assertThat(Repository.of(directory)).isEqualTo(new Repository(null, null, null, null, null));
    }
}
