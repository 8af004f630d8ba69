package dev.terraseal.e2e;

import dev.terraseal.testkit.tools.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory, small enough to be filled. Needs root, and a kernel that lets it mount. */
final class SmallDisk implements AutoCloseable {
    private static final int MEGABYTES = 192;

    private final Path directory;
    private final boolean mounted;

    private SmallDisk(Path directory, boolean mounted) {
        this.directory = directory;
        this.mounted = mounted;
    }

    /** Mounts one on an empty directory; where that is not allowed the directory stays as it is. */
    static SmallDisk under(Path directory) throws IOException {
        Files.createDirectories(directory);
        return new SmallDisk(
                directory,
                run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", directory.toString()) == 0);
    }

    /** Skips by name where none can be mounted. */
    static void require() throws IOException {
        Path probe = Files.createTempDirectory("terraseal-mount");
        try (SmallDisk disk = under(probe)) {
            if (!disk.mounted) {
                Tool.absent("mount");
            }
        } finally {
            Files.delete(probe);
        }
    }

    /** Returns when nothing more can be written. */
    void fill() throws IOException {
        byte[] much = new byte[1 << 16];
        try (var out = Files.newOutputStream(filler())) {
            while (true) {
                out.write(much);
            }
        } catch (IOException full) {
            if (Files.getFileStore(directory).getUsableSpace() > much.length) {
                throw full;
            }
        }
    }

    void clear() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    private static int run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (mounted && run("umount", "-l", directory.toString()) != 0) {
            throw new AssertionError(directory + " is still mounted");
        }
    }
}
