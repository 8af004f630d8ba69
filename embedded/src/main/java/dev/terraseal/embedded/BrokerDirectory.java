package dev.terraseal.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Properties;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;

/**
 * What the embedded broker keeps on disk: {@code kafka/} (the broker's own), {@code broker.properties} (the port and the
 * newest Kafka version that ran here) and {@code broker.lock}, held while this object is open.
 */
final class BrokerDirectory implements AutoCloseable {
    private static final String PORT = "port";
    private static final String VERSION = "kafka.version";

    private final Path directory;
    private final FileChannel lockChannel;
    private final FileLock lock;

    private BrokerDirectory(Path directory, FileChannel lockChannel, FileLock lock) {
        this.directory = directory;
        this.lockChannel = lockChannel;
        this.lock = lock;
    }

    /** Takes the directory for this process alone. */
    static BrokerDirectory hold(Path directory) {
        try {
            Files.createDirectories(directory.resolve("kafka"));
            Path file = directory.resolve("broker.lock");
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new BrokerUnavailableException("the broker data in " + directory + " is in use by process "
                        + Files.readString(file).strip() + "; stop it, or give this one another data directory");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
            BrokerDirectory held = new BrokerDirectory(directory, channel, lock);
            held.refuseNewerVersion();
            return held;
        } catch (IOException e) {
            throw new BrokerUnavailableException("the broker data directory " + directory + " cannot be used: " + e, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /** Kafka does not read what a newer Kafka wrote; it fails in the middle of its start, in words nobody can use. */
    private void refuseNewerVersion() throws IOException {
        String wrote = read().getProperty(VERSION);
        String runs = AppInfoParser.getVersion();
        if (wrote != null && compareVersions(wrote, runs) > 0) {
            close();
            throw new BrokerUnavailableException("the broker data in " + directory + " was written by Kafka " + wrote
                    + " and this program carries " + runs
                    + ", which cannot read it; use the newer program, or another data directory");
        }
    }

    static int compareVersions(String left, String right) {
        return Arrays.compare(numbers(left), numbers(right));
    }

    private static int[] numbers(String version) {
        String digits = version.replaceAll("[^0-9.].*$", "");
        return digits.isEmpty()
                ? new int[0]
                : Arrays.stream(digits.split("\\.", -1))
                        .filter(part -> !part.isEmpty())
                        .mapToInt(Integer::parseInt)
                        .toArray();
    }

    Path kafka() {
        return directory.resolve("kafka");
    }

    /** The port of the last start here, or 0. */
    int keptPort() throws IOException {
        return Integer.parseInt(read().getProperty(PORT, "0"));
    }

    void keep(int port) throws IOException {
        Properties kept = new Properties();
        kept.setProperty(PORT, Integer.toString(port));
        kept.setProperty(VERSION, AppInfoParser.getVersion());
        Path temporary = directory.resolve("broker.properties.tmp");
        try (OutputStream out = Files.newOutputStream(temporary)) {
            kept.store(out, "Written by terraseal; the newest Kafka that ran on this data, and its port.");
        }
        Files.move(temporary, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Properties read() throws IOException {
        Properties kept = new Properties();
        if (Files.exists(file())) {
            try (InputStream in = Files.newInputStream(file())) {
                kept.load(in);
            }
        }
        return kept;
    }

    private Path file() {
        return directory.resolve("broker.properties");
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockChannel.close();
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
