package dev.terraseal.run.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
    @TempDir
    Path directory;

    @Test
    void providersComeWithVersionAndDigest() throws Exception {
        Files.writeString(directory.resolve(".terraform.lock.hcl"), """
                # This file is maintained automatically by "terraform init".

                provider "registry.terraform.io/hashicorp/aws" {
                  version     = "5.0.1"
                  constraints = "~> 5.0"
                  hashes = [
                    "h1:abc=",
                    "zh:0123",
                  ]
                }

                provider "registry.terraform.io/hashicorp/null" {
                  version = "3.2.0"
                  hashes = [
                    "zh:4567",
                  ]
                }
                """);
        LockFile lock = LockFile.of(directory).orElseThrow();
        assertThat(dev.terraseal.core.canonical.Json.arr(lock.dependencies())
                        .bytes()
                        .utf8())
                .isEqualTo("[{\"digest\":{\"h1\":\"abc=\"},\"name\":\"registry.terraform.io/hashicorp/aws@5.0.1\"},"
                        + "{\"name\":\"registry.terraform.io/hashicorp/null@3.2.0\"}]");
    }

    @Test
    void withoutALockFileNothingIsKnown() throws Exception {
        assertThat(LockFile.of(directory)).isEmpty();
    }
}
