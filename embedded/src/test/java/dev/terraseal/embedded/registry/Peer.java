package dev.terraseal.embedded.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** The other end of {@code src/test/peer/ConfluentPeer.java}. */
final class Peer implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;

    private Peer(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
    }

    static Peer start(URI registry) throws IOException {
        Path jar = Path.of("target/peer/confluent.jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IOException(
                    jar + " is missing; the build copies it before the tests (`mvn -pl embedded -am test`)");
        }
        return new Peer(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        jar.toString(),
                        Path.of("src/test/peer/ConfluentPeer.java")
                                .toAbsolutePath()
                                .toString(),
                        registry.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    byte[] ask(String command, Object... arguments) throws IOException {
        StringBuilder line = new StringBuilder(command);
        for (Object argument : arguments) {
            byte[] bytes =
                    argument instanceof byte[] raw ? raw : argument.toString().getBytes(StandardCharsets.UTF_8);
            line.append(' ').append(Base64.getEncoder().encodeToString(bytes));
        }
        commands.write(line.append('\n').toString());
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the peer ended; run its source file by hand to see why");
        }
        String[] words = answer.split(" ", -1);
        switch (words[0]) {
            case "ok":
                return Base64.getDecoder().decode(words[1]);
            case "refused":
                throw new Refused(Integer.parseInt(words[1]), Integer.parseInt(words[2]), text(words[3]));
            default:
                throw new IOException("the peer failed: " + text(words[1]));
        }
    }

    String askText(String command, Object... arguments) throws IOException {
        return new String(ask(command, arguments), StandardCharsets.UTF_8);
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        commands.close();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What Confluent's client calls a RestClientException. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int status;
        final int code;

        private Refused(int status, int code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }
}
