package dev.terraseal.run.apply;

import dev.terraseal.run.terraform.Interrupts;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The caller's input, output and errors. */
public record Terminal(InputStream in, PrintStream out, PrintStream err) {
    private static final int WIDTH_UNKNOWN = 78;

    /** Of this process; the input is not buffered, so that what follows an answer stays for the next reader. */
    public static Terminal ofProcess() {
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                new PrintStream(System.out, false, StandardCharsets.UTF_8),
                new PrintStream(System.err, false, StandardCharsets.UTF_8));
    }

    /** What came of a question. */
    public sealed interface Reply {}

    /** A line without its newline. */
    public record Line(String text) implements Reply {}

    /** The input ended. */
    public record End() implements Reply {}

    /** A signal came instead. */
    public record Interrupted() implements Reply {}

    /** Waits for a line, the end of the input, or a signal, which may have come before this was called. */
    public Reply answer(Interrupts interrupts) throws InterruptedException {
        BlockingQueue<Reply> replies = new ArrayBlockingQueue<>(4);
        interrupts.listen(name -> replies.offer(new Interrupted()));
        // One that came after the question was shown and before anybody listened would be lost, and with it who sent
        // it.
        if (interrupts.any()) {
            replies.offer(new Interrupted());
        }
        // A read cannot be interrupted; the thread ends with the process.
        Thread reader = new Thread(() -> replies.offer(readLine()), "answer");
        reader.setDaemon(true);
        reader.start();
        try {
            return replies.take();
        } finally {
            interrupts.listen(name -> {});
        }
    }

    private Reply readLine() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            while (true) {
                int b = in.read();
                if (b == '\n') {
                    return new Line(line.toString(StandardCharsets.UTF_8));
                }
                if (b < 0) {
                    return new End();
                }
                line.write(b);
            }
        } catch (IOException gone) {
            return new End();
        }
    }

    /** Columns as terraform sees them: 78 where the output is no terminal or does not say. */
    public static int columns() {
        try {
            // The output is what counts; the answer comes over the error stream because the output is being asked
            // about.
            Process shell = new ProcessBuilder("sh", "-c", "test -t 1 && stty size </dev/tty >&2")
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String size = new String(shell.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean ended = shell.waitFor(2, TimeUnit.SECONDS) && shell.exitValue() == 0;
            return ended && size.matches("[0-9]+ [1-9][0-9]{0,4}")
                    ? Integer.parseInt(size.substring(size.indexOf(' ') + 1))
                    : WIDTH_UNKNOWN;
        } catch (IOException noShell) {
            return WIDTH_UNKNOWN;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return WIDTH_UNKNOWN;
        }
    }

    /** A failure for a person: many of the system's own messages are nothing but a file name. */
    public static String why(@Nullable Throwable failure) {
        if (failure == null) {
            return "no reason is known";
        }
        String message = failure.getMessage();
        String name = failure.getClass().getSimpleName();
        return message == null ? name : failure.getClass() == IOException.class ? message : name + ": " + message;
    }

    /** A line of ours, on stderr and marked as such; control characters cannot pass. */
    public void say(String line) {
        out.flush();
        err.print("terraseal: " + line.replaceAll("\\p{Cntrl}", " ") + "\n");
        err.flush();
    }
}
