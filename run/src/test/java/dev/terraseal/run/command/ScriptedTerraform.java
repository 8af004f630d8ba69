package dev.terraseal.run.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program called {@code terraform} that plans, pulls its state and applies as it is told to, in lines of shell. {@code
 * $here} is the directory it lies in; it must print nothing of its own but where terraform's answer is read.
 */
final class ScriptedTerraform {
    private static final String PROGRAM = """
            #!/bin/sh
            here=$(dirname "$0")
            echo "$*" >> "$here/calls"
            while test -z "$1"; do shift; done
            step=$1
            for word; do case "$word" in -out=*) printf plan > "${word#-out=}";; esac; done
            if test -e "$here/$step.sh"; then . "$here/$step.sh"; fi
            """;

    private final Path directory;

    ScriptedTerraform(Path directory) throws IOException {
        this.directory = directory;
        Files.writeString(program(), PROGRAM);
        Files.setPosixFilePermissions(program(), PosixFilePermissions.fromString("rwx------"));
        on("version", "echo 'Terraform v1.11.4'");
        on("plan", "exit 2");
        on("state", "test ! -e \"$here/state.json\" || cat \"$here/state.json\"");
        on("apply", applying(""));
    }

    /** The lines of an apply that adds one resource, after {@code first}. */
    static String applying(String first) {
        return first + """

                echo '{"@message":"m","type":"version","terraform":"1.11.4","ui":"1.2"}'
                echo '{"@message":"done","type":"change_summary","changes":{"add":1,"change":0,"remove":0,"operation":"apply"}}'
                """;
    }

    Path program() {
        return directory.resolve("terraform");
    }

    /** What {@code step} does: its first word. */
    ScriptedTerraform on(String step, String shell) throws IOException {
        Files.writeString(directory.resolve(step + ".sh"), shell + "\n");
        return this;
    }

    /** A step that shows that it is there, and then waits for {@link #letGo}. */
    static String waiting(String then) {
        return "touch \"$here/there\"; while ! test -e \"$here/go\"; do sleep 0.02; done; " + then;
    }

    void awaitThere(CompletableFuture<Integer> run) throws Exception {
        while (!Files.exists(directory.resolve("there"))) {
            if (run.isDone()) {
                throw new IllegalStateException("it ended with " + run.get() + " before it came there");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    void letGo() throws IOException {
        Files.createFile(directory.resolve("go"));
    }

    /** Every call, its words with blanks between. */
    List<String> calls() throws IOException {
        Path calls = directory.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    boolean applied() throws IOException {
        return calls().stream().anyMatch(call -> call.strip().startsWith("apply "));
    }
}
