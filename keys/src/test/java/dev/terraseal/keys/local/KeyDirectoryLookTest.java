package dev.terraseal.keys.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.log.KeyRing;
import dev.terraseal.keys.KeyFinding;
import dev.terraseal.keys.LogBirth;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyDirectoryLookTest {
    @TempDir
    private Path directory;

    /** Who owns a key file can read it whatever its mode says. */
    @Test
    void aFileOfAnotherAccountIsNamed() throws Exception {
        LogBirth.Born born = new LogBirth(Clock.systemUTC(), new SecureRandom())
                .begin(LogBirth.Request.in(directory.resolve("log")));
        KeyRing ring = KeyRing.of(born.declaration());
        Path file = born.privateKeys().get(0);
        String me = Files.getOwner(file).getName();
        assertThat(new KeyDirectoryLook(ring, me).file(file)).noneMatch(KeyFinding::serious);
        String services = "the-services";
        if (me.equals("root")) {
            Files.setOwner(
                    file,
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("daemon"));
        }
        List<KeyFinding> findings = new KeyDirectoryLook(ring, services).file(file);
        assertThat(findings)
                .filteredOn(KeyFinding::serious)
                .anyMatch(each -> each.what().startsWith(file + " belongs to ")
                        && each.what().endsWith(", and this runs as " + services)
                        && each.mend().contains("chown " + services + " " + file));
    }
}
