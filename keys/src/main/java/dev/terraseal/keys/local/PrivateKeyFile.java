package dev.terraseal.keys.local;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.keys.KeyUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * One private key in one file: PEM {@code PRIVATE KEY}, mode 0600. On a file system without POSIX permissions the modes
 * are neither set nor checked.
 */
public final class PrivateKeyFile {
    private static final int SIZE_MAX = 64 * 1024;
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private PrivateKeyFile() {}

    /**
     * Reads a key, refusing a file that anyone but its owner can touch: what others could read is no longer a secret.
     */
    public static SoftKey read(Path file) throws KeyUnavailableException {
        try {
            requirePrivate(file);
            if (Files.size(file) > SIZE_MAX) {
                throw new KeyUnavailableException("private key " + file + " is larger than " + SIZE_MAX
                        + " bytes, so it is no key; give the path of a PKCS#8 PEM file");
            }
            return SoftKey.fromPkcs8(pem(Files.readString(file, StandardCharsets.US_ASCII)));
        } catch (NoSuchFileException missing) {
            throw new KeyUnavailableException(
                    "private key " + file + " does not exist; restore it from your copy, or point to where it is",
                    missing);
        } catch (IOException unreadable) {
            throw new KeyUnavailableException(
                    "private key " + file + " cannot be read (" + unreadable + "); run as the user who owns it",
                    unreadable);
        } catch (IllegalArgumentException malformed) {
            throw new KeyUnavailableException(
                    "private key " + file + " cannot be used: " + malformed.getMessage()
                            + "; convert it with: openssl pkcs8 -topk8 -nocrypt -in KEY -out " + file,
                    malformed);
        }
    }

    /** Whether only the owner can read or write it; the message of the refusal has the line that mends it. */
    public static void requirePrivate(Path file) throws IOException, KeyUnavailableException {
        if (!posix()) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        for (PosixFilePermission permission : permissions) {
            if (OTHERS.contains(permission)) {
                throw new KeyUnavailableException("private key " + file + " can be read by others (mode "
                        + PosixFilePermissions.toString(permissions)
                        + "); if nobody did, run: chmod 600 " + file + "; otherwise replace the key");
            }
        }
    }

    /**
     * Writes a key to a file that must not exist yet. It is on the disk when this returns, its name as soon as {@code
     * directory} is synced.
     */
    public static void write(Path file, SoftKey key) throws IOException {
        FileAttribute<?>[] mode = posix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Set<StandardOpenOption> create = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, create, mode)) {
            ByteBuffer text = ByteBuffer.wrap(pem(key.pkcs8()).getBytes(StandardCharsets.US_ASCII));
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
    }

    /** Creates a directory that only its owner can enter, with parents; an existing one is left as it is. */
    static void createDirectory(Path directory) throws IOException {
        if (posix()) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private static String pem(Bytes pkcs8) {
        return BEGIN + "\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pkcs8.toByteArray()) + "\n"
                + END + "\n";
    }

    private static Bytes pem(String text) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("it has no '" + BEGIN + "' block");
        }
        if (text.indexOf(BEGIN, begin + 1) >= 0) {
            throw new IllegalArgumentException("it has more than one private key");
        }
        String base64 = text.substring(begin + BEGIN.length(), end).replaceAll("[\\r\\n]", "");
        return Bytes.wrap(Base64.getDecoder().decode(base64));
    }
}
