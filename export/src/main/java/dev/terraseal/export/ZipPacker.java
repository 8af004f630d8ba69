package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.verifier.files.CanonicalZip;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Packs a directory into one canonical zip. */
final class ZipPacker {
    private ZipPacker() {}

    /** Why {@code directory} fits no canonical zip, or null if it does. */
    static @Nullable String whyNot(Path directory) throws IOException {
        Map<String, Path> files = files(directory);
        if (files.size() > CanonicalZip.MEMBERS_MAX) {
            return files.size() + " files are more than the " + CanonicalZip.MEMBERS_MAX + " a zip holds";
        }
        long total = 22;
        for (Map.Entry<String, Path> file : files.entrySet()) {
            total += Files.size(file.getValue()) + 76 + 2L * file.getKey().length();
        }
        return total > CanonicalZip.BYTES_MAX ? total + " bytes are more than a zip holds" : null;
    }

    static void pack(Path directory, Path zip) throws IOException {
        List<Bytes> central = new ArrayList<>();
        try (FileChannel out = FileChannel.open(zip, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Map.Entry<String, Path> file : files(directory).entrySet()) {
                central.add(member(out, file.getKey(), file.getValue()));
            }
            long offset = out.position();
            for (Bytes line : central) {
                write(out, line);
            }
            write(out, CanonicalZip.end(central.size(), out.position() - offset, offset));
            out.force(true);
        }
    }

    /** Writes one member and returns its line of the central directory. Its checksum is known only once it was read. */
    private static Bytes member(FileChannel out, String name, Path file) throws IOException {
        long offset = out.position();
        int header = CanonicalZip.local(name, 0, 0).length();
        out.position(offset + header);
        CRC32 crc = new CRC32();
        long size = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                crc.update(buffer, 0, count);
                size += count;
                write(out, ByteBuffer.wrap(buffer, 0, count));
            }
        }
        long after = out.position();
        out.position(offset);
        write(out, CanonicalZip.local(name, (int) crc.getValue(), size));
        out.position(after);
        return CanonicalZip.central(name, (int) crc.getValue(), size, offset);
    }

    private static void write(FileChannel out, Bytes bytes) throws IOException {
        write(out, bytes.asReadOnlyBuffer());
    }

    private static void write(FileChannel out, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    private static TreeMap<String, Path> files(Path directory) throws IOException {
        TreeMap<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                files.put(directory.relativize(file).toString().replace('\\', '/'), file);
            }
        }
        return files;
    }

    /** Removes a directory that was only a step towards something else. */
    static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walked = Files.walk(directory)) {
            all = walked.sorted(java.util.Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
