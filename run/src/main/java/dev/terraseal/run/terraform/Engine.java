package dev.terraseal.run.terraform;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Starts terraform or tofu with the caller's global options, directory and environment. {@code TF_CLI_ARGS*} are taken
 * out of the environment because {@link Invocation} has read them: an {@code -auto-approve} in there would reach
 * commands that refuse it.
 */
public final class Engine {
    /** Whoever runs terraform's providers and provisioners has no business with our token. */
    private static final String TOKEN = "TERRASEAL_TOKEN";
    /** What LC_ALL was, empty where it was not set: our launcher gives the JVM another where it could read nothing. */
    private static final String LOCALE = "TERRASEAL_LC_ALL";

    private final List<String> prefix;
    private final Path current;
    private final Map<String, String> environment;

    public Engine(Invocation invocation, Path current, Map<String, String> environment) {
        prefix = new ArrayList<>();
        prefix.add(invocation.binary());
        prefix.addAll(invocation.globals());
        this.current = current;
        this.environment = new TreeMap<>(environment);
    }

    /** Reads the standard output of a command; whatever it leaves unread is thrown away. */
    public interface OutputReader<T> {
        Optional<T> read(InputStream output) throws IOException;
    }

    /** With the caller's own terminal, untouched. */
    public Process interactive(List<String> arguments, Map<String, String> extra) throws IOException {
        ProcessBuilder builder = builder(arguments, extra).inheritIO();
        return builder.start();
    }

    /** Standard output into {@code log}; input and errors stay the caller's. */
    public Process logged(List<String> arguments, Path log) throws IOException {
        return builder(arguments, Map.of())
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(log.toFile())
                .start();
    }

    /**
     * What a short command answers; empty where it answers nothing.
     *
     * @throws IOException where it fails, or answers what {@code reader} does not understand
     */
    public <T> Optional<T> answer(List<String> arguments, OutputReader<T> reader)
            throws IOException, InterruptedException {
        // Whether a newer version is out is asked over the network, and nobody would read the answer.
        Process process = builder(arguments, Map.of("CHECKPOINT_DISABLE", "1"))
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Optional<T> result;
        try (InputStream output = process.getInputStream()) {
            result = reader.read(new LeftOpen(output));
            output.transferTo(OutputStream.nullOutputStream());
        }
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException("`" + prefix.get(0) + " " + String.join(" ", arguments) + "` ended with " + exit);
        }
        return result;
    }

    /** Readers close what they read; terraform must still be able to write its last byte. */
    private static final class LeftOpen extends FilterInputStream {
        LeftOpen(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // The process's own stream is closed once it has ended.
        }
    }

    /** A command that is not recorded, exactly as it was written, in the caller's own environment but for our token. */
    public static Process untouched(Invocation invocation, Path current, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(invocation.words())
                .directory(current.toFile())
                .inheritIO();
        inherit(builder, environment, name -> true);
        return builder.start();
    }

    private ProcessBuilder builder(List<String> arguments, Map<String, String> extra) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(current.toFile());
        inherit(builder, environment, name -> !name.startsWith("TF_CLI_ARGS"));
        builder.environment().putAll(extra);
        return builder;
    }

    /**
     * The child has this process's own variables as they were inherited, byte for byte. One is written only where {@code
     * environment} says something else: written again it would be encoded anew, by a locale that may lack its letters.
     */
    private static void inherit(ProcessBuilder builder, Map<String, String> environment, Predicate<String> passedOn) {
        Map<String, String> child = builder.environment();
        child.keySet().removeIf(name -> !environment.containsKey(name) || !passedOn.test(name));
        Map<String, String> inherited = new TreeMap<>(child);
        environment.forEach((name, value) -> {
            if (passedOn.test(name) && !value.equals(inherited.get(name))) {
                child.put(name, value);
            }
        });
        child.remove(TOKEN);
        String locale = child.remove(LOCALE);
        if (locale != null && !locale.isEmpty()) {
            child.put("LC_ALL", locale);
        } else if (locale != null) {
            child.remove("LC_ALL");
        }
    }
}
