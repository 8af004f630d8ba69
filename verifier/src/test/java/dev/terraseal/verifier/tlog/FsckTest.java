package dev.terraseal.verifier.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.TiledLog;
import dev.terraseal.verifier.tlog.TlogCommandTest.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FsckTest {
    private static final long SEED = 20261122;

    @TempDir
    Path directory;

    private TiledLog grown(int... sizes) {
        TiledLog log = new TiledLog(directory);
        Random random = new Random(SEED);
        for (int size : sizes) {
            while (log.size() < size) {
                byte[] entry = new byte[random.nextInt(60)];
                random.nextBytes(entry);
                log.append(Bytes.wrap(entry));
            }
            log.publish();
        }
        return log;
    }

    private static Answer fsck(TiledLog log, String... more) {
        Object[] words = Stream.concat(
                        Stream.of("fsck", log.directory(), "--key", log.key().text()), Stream.of(more))
                .toArray();
        return TlogCommandTest.run(words);
    }

    @Test
    void wholeLogsOfManySizesHold() {
        int[] sizes = {0, 1, 2, 255, 256, 257, 300, 511, 512, 513, 700};
        TiledLog log = grown(sizes);
        for (int size : sizes) {
            Answer answer = fsck(
                    log,
                    "--checkpoint",
                    directory.resolve("checkpoints/" + size).toString());
            assertThat(answer.code()).as("size %d: %s", size, answer.out()).isZero();
            assertThat(answer.out()).contains("entries     " + size + "\n");
        }
        assertThat(fsck(log).out()).contains("proven      every entry, every tile and the root");
    }

    @Test
    void aLogWithAThirdLevelOfTilesHolds() {
        TiledLog log = new TiledLog(directory);
        for (int i = 0; i < 65_536 + 300; i++) {
            log.append(Bytes.utf8("e" + i));
        }
        log.publish();
        Answer answer = fsck(log);
        assertThat(answer.code()).as(answer.out()).isZero();
        assertThat(directory.resolve("tile/2/000.p/1")).exists();
    }

    @Test
    void everyByteOfEveryFileMatters() throws IOException {
        TiledLog log = grown(200, 300);
        Random random = new Random(SEED);
        for (Path file : tileFiles()) {
            byte[] bytes = Files.readAllBytes(file);
            for (int round = 0; round < 20; round++) {
                byte[] flipped = bytes.clone();
                int at = round == 0 ? 0 : round == 1 ? bytes.length - 1 : random.nextInt(bytes.length);
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, flipped);
                assertThat(fsck(log).code())
                        .as("seed %d, %s byte %d", SEED, file, at)
                        .isEqualTo(4);
            }
            for (int length : new int[] {0, 1, bytes.length - 1}) {
                Files.write(file, java.util.Arrays.copyOf(bytes, length));
                assertThat(fsck(log).code()).as("%s cut to %d", file, length).isEqualTo(4);
            }
            Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length + 1));
            assertThat(fsck(log).code()).as("%s with a byte more", file).isEqualTo(4);
            Files.write(file, bytes);
        }
        assertThat(fsck(log).code()).as("the log as it was").isZero();
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        TiledLog log = grown(300);
        for (Path file : tileFiles()) {
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            Answer answer = fsck(log);
            assertThat(answer.code()).as("%s", file).isEqualTo(4);
            assertThat(answer.out()).contains(directory.relativize(file) + " is missing");
            Files.write(file, bytes);
        }
        Files.delete(directory.resolve("checkpoint"));
        assertThat(fsck(log).code()).isEqualTo(4);
    }

    @Test
    void everyFindingIsListedAndNotOnlyTheFirst() throws IOException {
        TiledLog log = grown(600);
        for (String name : List.of("tile/0/000", "tile/0/001", "tile/1/000.p/2")) {
            byte[] bytes = Files.readAllBytes(directory.resolve(name));
            bytes[5] ^= 1;
            Files.write(directory.resolve(name), bytes);
        }
        Answer answer = fsck(log);
        assertThat(answer.code()).isEqualTo(4);
        assertThat(answer.out())
                .contains("tile/0/000 holds another hash at place 0")
                .contains("tile/0/001 holds another hash at place 0")
                .contains("tile/1/000.p/2 holds another hash at place 0");
    }

    @Test
    void entriesRewrittenWithAllTheirTilesStillDoNotReachTheSignedRoot() throws IOException {
        TiledLog log = grown(300);
        byte[] signed = Files.readAllBytes(directory.resolve("checkpoint"));
        TiledLog forged = new TiledLog(directory);
        for (int i = 0; i < 300; i++) {
            forged.append(i == 7 ? Bytes.utf8("never happened") : log.entry(i));
        }
        forged.publish();
        Files.write(directory.resolve("checkpoint"), signed);
        Answer answer = fsck(log);
        assertThat(answer.code()).isEqualTo(4);
        assertThat(answer.out()).contains("but the checkpoint of 300 says").doesNotContain("holds another hash");
    }

    @Test
    void tilesAheadOfTheCheckpointAreCountedAndNotJudged() throws IOException {
        TiledLog log = grown(300);
        byte[] signed = Files.readAllBytes(directory.resolve("checkpoint"));
        for (int i = 0; i < 300; i++) {
            log.append(Bytes.utf8("later " + i));
        }
        log.publish();
        Files.write(directory.resolve("checkpoint"), signed);
        Answer answer = fsck(log);
        assertThat(answer.code()).as(answer.out()).isZero();
        assertThat(answer.out()).contains("more file(s) under tile/ are not of a tree of this size");
    }

    @Test
    void partialFilesMayBeGoneOnceTheFullOnesAreThere() throws IOException {
        TiledLog log = grown(300, 520);
        for (String name : List.of("tile/0/001.p/44", "tile/entries/001.p/44")) {
            Files.delete(directory.resolve(name));
        }
        String old = directory.resolve("checkpoints/300").toString();
        assertThat(fsck(log, "--checkpoint", old).code()).isZero();
        assertThat(fsck(log).code()).isZero();
    }

    @Test
    void bundlesMayBeCompressedButHideNothingBehindTheMember() throws IOException {
        TiledLog log = grown(300);
        Path file = directory.resolve("tile/entries/000");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(Files.readAllBytes(file));
        }
        byte[] member = out.toByteArray();
        Files.write(file, member);
        assertThat(fsck(log).code()).isZero();
        Files.write(file, java.util.Arrays.copyOf(member, member.length + 1));
        assertThat(fsck(log).code()).isEqualTo(4);
        byte[] twice = java.util.Arrays.copyOf(member, 2 * member.length);
        System.arraycopy(member, 0, twice, member.length, member.length);
        Files.write(file, twice);
        assertThat(fsck(log).code()).isEqualTo(4);
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            byte[] flipped = member.clone();
            // Bytes 4 to 9 are the member's time and system, which say nothing about its content.
            int at = 10 + random.nextInt(member.length - 10);
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, flipped);
            assertThat(fsck(log).code()).as("seed %d byte %d", SEED, at).isEqualTo(4);
        }
    }

    @Test
    void aFileThatIsADirectoryIsAMissingFile() throws IOException {
        TiledLog log = grown(3);
        Files.delete(directory.resolve("tile/0/000.p/3"));
        Files.createDirectory(directory.resolve("tile/0/000.p/3"));
        Answer answer = fsck(log);
        assertThat(answer.code()).isEqualTo(4);
        assertThat(answer.out()).contains("tile/0/000.p/3 is missing");
    }

    private List<Path> tileFiles() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("tile"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
