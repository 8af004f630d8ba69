package dev.terraseal.verifier.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.terraseal.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipFilesTest {
    @TempDir
    private Path temp;

    private static byte[] zip(Map<String, String> members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Bytes> central = new ArrayList<>();
        members.forEach((name, content) -> {
            CRC32 crc = new CRC32();
            crc.update(Bytes.utf8(content).toByteArray());
            central.add(CanonicalZip.central(name, (int) crc.getValue(), content.length(), out.size()));
            out.writeBytes(CanonicalZip.local(name, (int) crc.getValue(), content.length())
                    .toByteArray());
            out.writeBytes(Bytes.utf8(content).toByteArray());
        });
        int offset = out.size();
        central.forEach(line -> out.writeBytes(line.toByteArray()));
        int size = out.size() - offset;
        out.writeBytes(CanonicalZip.end(central.size(), size, offset).toByteArray());
        return out.toByteArray();
    }

    private Map<String, String> readAll(byte[] zip) throws IOException {
        Path file = temp.resolve("x.zip");
        Files.write(file, zip);
        try (ZipFiles files = ZipFiles.open(file)) {
            Map<String, String> all = new TreeMap<>();
            for (String name : files.names()) {
                all.put(name, files.read(name, 1000).utf8());
            }
            return all;
        }
    }

    @Test
    void everyByteOfTheContainerAndOfTheMembersCounts() throws IOException {
        byte[] zip = zip(new TreeMap<>(Map.of("a/b.json", "{}", "empty", "", "z", "last")));
        assertThat(readAll(zip))
                .containsEntry("a/b.json", "{}")
                .containsEntry("z", "last")
                .hasSize(3);

        for (int at = 0; at < zip.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] broken = zip.clone();
                broken[at] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> readAll(broken))
                        .as("byte %d bit %d", at, bit)
                        .isInstanceOf(MalformedException.class);
            }
        }
    }

    @Test
    void bytesBeforeBetweenOrAfterAreRefused() {
        byte[] zip = zip(new TreeMap<>(Map.of("a", "1", "b", "2")));
        for (int at = 0; at <= zip.length; at++) {
            byte[] longer = new byte[zip.length + 1];
            System.arraycopy(zip, 0, longer, 0, at);
            System.arraycopy(zip, at, longer, at + 1, zip.length - at);
            assertThatThrownBy(() -> readAll(longer)).as("inserted at %d", at).isInstanceOf(MalformedException.class);
        }
        for (int at = 0; at < zip.length; at++) {
            byte[] shorter = java.util.Arrays.copyOf(zip, at);
            assertThatThrownBy(() -> readAll(shorter)).as("cut at %d", at).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void membersOutOfOrderTwiceOrWithUnsafeNamesAreRefused() {
        for (List<String> names : List.of(
                List.of("b", "a"),
                List.of("a", "a"),
                List.of("../a"),
                List.of("/a"),
                List.of("a/../b"),
                List.of("a//b"),
                List.of("a/"),
                List.of("a b"),
                List.of("a\u0001"))) {
            Map<String, String> members = new java.util.LinkedHashMap<>();
            byte[] zip;
            if (names.equals(List.of("a", "a"))) {
                byte[] two = zip(new TreeMap<>(Map.of("a", "1", "b", "1")));
                for (int at = 0; at < two.length; at++) {
                    two[at] = two[at] == 'b' ? (byte) 'a' : two[at];
                }
                zip = two;
            } else {
                names.forEach(name -> members.put(name, "1"));
                zip = zip(members);
            }
            assertThatThrownBy(() -> readAll(zip)).as("%s", names).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void theZipOfAnOrdinaryToolIsNotInCanonicalForm() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("a"));
            zip.write('1');
        }
        assertThatThrownBy(() -> readAll(out.toByteArray()))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("not in canonical form");
    }
}
