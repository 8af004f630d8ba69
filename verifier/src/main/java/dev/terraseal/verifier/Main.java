package dev.terraseal.verifier;

import dev.terraseal.verifier.tlog.TlogCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** {@code terraseal verify} and {@code terraseal tlog}: the whole of terraseal-verify.jar. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = run(arguments, out, err);
        out.flush();
        System.exit(code);
    }

    public static int run(String[] arguments, PrintStream out, PrintStream err) {
        String command = arguments.length == 0 ? "--help" : arguments[0];
        String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        return switch (command) {
            case "verify" -> new VerifyMain(out, err).run(rest);
            case "tlog" -> TlogCommand.run(rest, out, err);
            case "--help", "-h", "help" -> help(out);
            default -> {
                err.println("terraseal: exit 2: unknown command '" + command + "'; there are verify and tlog");
                yield 2;
            }
        };
    }

    private static int help(PrintStream out) {
        out.print("""
            terraseal verify PATH   checks a bundle, a receipt or an archive directory, offline
            terraseal tlog COMMAND  checks any C2SP transparency log

            Each has --help.
            """);
        return 0;
    }
}
