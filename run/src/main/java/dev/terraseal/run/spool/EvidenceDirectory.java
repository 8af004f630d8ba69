package dev.terraseal.run.spool;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** {@code evidence/}: what a person has to look at. Nothing in it is ever replaced. */
final class EvidenceDirectory {
    private static final int STREAM_DIGITS = 16;
    private static final int EVENT_DIGITS = 12;

    private final Path directory;
    private final Consumer<String> notices;
    /** A file that stays where it is would be told of at every look into its directory. */
    private final Set<Path> told = ConcurrentHashMap.newKeySet();

    EvidenceDirectory(Path directory, Consumer<String> notices) {
        this.directory = directory;
        this.notices = notices;
    }

    /** Keeps {@code content}; the name says which event of which stream it belongs to, and what it is. */
    Path keep(SpooledEvent event, String what, Bytes content) throws IOException {
        String name = event.id().value() + "."
                + Digest.of(Bytes.utf8(event.stream().value())).hex().substring(0, STREAM_DIGITS) + "."
                + Digest.of(event.bytes()).hex().substring(0, EVENT_DIGITS);
        int number = 1;
        while (true) {
            Path file = directory.resolve(name + (number == 1 ? "." : "." + number + ".") + what);
            if (!Files.exists(file)) {
                Durable.write(file, content);
                return file;
            }
            if (Bytes.wrap(Files.readAllBytes(file)).equals(content)) {
                return file;
            }
            number++;
        }
    }

    /** Gets a file of the spool that is none out of the way of the others. */
    void unreadable(Path file, Exception reason) {
        String cannot = "the spool's file " + file + " cannot be read (" + reason.getMessage() + "); ";
        if (reason instanceof IOException) {
            tell(file, cannot + "it is passed over and stays where it is");
            return;
        }
        try {
            Path kept = free("unreadable-", file);
            Durable.move(file, kept);
            tell(file, cannot + "it is kept as " + kept + " and will not be sent");
        } catch (NoSuchFileException somebodyElseMovedIt) {
            // And told of it.
        } catch (IOException immovable) {
            tell(file, cannot + "it could not be moved away either: " + immovable.getMessage());
        }
    }

    void tell(Path file, String notice) {
        if (told.add(file)) {
            notices.accept(notice);
        }
    }

    private Path free(String prefix, Path file) {
        Path kept = directory.resolve(prefix + file.getFileName());
        for (int number = 2; Files.exists(kept); number++) {
            kept = directory.resolve(prefix + number + "-" + file.getFileName());
        }
        return kept;
    }
}
