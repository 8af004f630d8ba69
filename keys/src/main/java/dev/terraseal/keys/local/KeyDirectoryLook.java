package dev.terraseal.keys.local;

import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.keys.KeyFinding;
import dev.terraseal.keys.KeyUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at private keys in files: who else could read or exchange them, whether they are what their names say, and what
 * the log says of each. On a file system without POSIX permissions modes and owners are not looked at.
 */
public final class KeyDirectoryLook {
    private static final String SUFFIX = ".pem";

    private final KeyRing ring;
    private final String user;
    private final List<KeyFinding> findings = new ArrayList<>();

    /**
     * @param ring what the log says of its keys
     * @param user who runs the services: the name of an account of this machine
     */
    public KeyDirectoryLook(KeyRing ring, String user) {
        this.ring = ring;
        this.user = user;
    }

    /** A directory as {@link LocalKeys} has it: every {@code *.pem} in it is a private key. */
    public List<KeyFinding> directory(Path directory) throws IOException {
        findings.clear();
        if (!Files.isDirectory(directory)) {
            serious(
                    "there is no key directory " + directory,
                    "name it by keys.directory, or restore it from your copy");
            return List.copyOf(findings);
        }
        ownedAndClosed(directory);
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            well(directory + " holds no key");
        }
        for (Path file : files) {
            look(file, file.getFileName().toString());
        }
        return List.copyOf(findings);
    }

    /** One file, whatever it is called. */
    public List<KeyFinding> file(Path file) throws IOException {
        findings.clear();
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null && Files.exists(parent)) {
            ownedAndClosed(parent);
        }
        look(file, null);
        return List.copyOf(findings);
    }

    /** Who may write to a directory may put another file under the name of a key. */
    private void ownedAndClosed(Path directory) throws IOException {
        if (!PrivateKeyFile.posix()) {
            return;
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
        if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            serious(
                    "others can put files into the key directory " + directory + " (mode "
                            + PosixFilePermissions.toString(mode) + ")",
                    "chmod 700 " + directory);
        }
        owned(directory);
    }

    private void owned(Path path) throws IOException {
        if (!PrivateKeyFile.posix()) {
            return;
        }
        String owner = Files.getOwner(path).getName();
        // Root may read everything anyway.
        if (!owner.equals(user) && !owner.equals("root")) {
            serious(
                    path + " belongs to " + owner + ", and this runs as " + user,
                    "run as the user of the services, or: chown " + user + " " + path);
        }
    }

    private void look(Path file, @Nullable String name) throws IOException {
        SoftKey key;
        try {
            key = PrivateKeyFile.read(file);
        } catch (KeyUnavailableException unfit) {
            serious(String.valueOf(unfit.getMessage()), "");
            return;
        }
        owned(file);
        KeyId id = KeyId.of(key.spki());
        KeyRing.Declaration declared = ring.declarations().stream()
                .filter(each -> each.key().keyid().equals(id))
                .findFirst()
                .orElse(null);
        if (declared == null) {
            well(file + " is key " + id.shortHex() + "…, which the log does not declare; if no change of keys waits for"
                    + " it, it is of no use here");
            return;
        }
        KeyUse use = declared.key().use();
        if (name != null && !name.equals(use.text() + "-" + id.hex().substring(0, 16) + SUFFIX)) {
            serious(
                    file + " holds " + use.text() + " key " + id.shortHex() + "…, which is not what its name says",
                    "restore the right file from your copy");
        } else if (use == KeyUse.AUTHORITY) {
            serious(
                    file + " is an authority key among the keys of services",
                    "take it offline: keep two copies where no service can read them, then delete it here");
        } else {
            well(file + " is " + use.text() + " key " + id.shortHex() + "… "
                    + declared.key().algorithm() + ", " + standing(declared));
        }
    }

    private static String standing(KeyRing.Declaration declared) {
        if (declared.end() == Long.MAX_VALUE) {
            return "in force from entry " + declared.from();
        }
        return (declared.revoked() ? "revoked" : "retired") + ", not in force from entry " + declared.end()
                + " on: when all before it is signed, destroy it";
    }

    private void well(String what) {
        findings.add(new KeyFinding(false, what, ""));
    }

    private void serious(String what, String mend) {
        findings.add(new KeyFinding(true, what, mend));
    }
}
