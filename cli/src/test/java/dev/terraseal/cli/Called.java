package dev.terraseal.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A command as it was called: its exit code, its answers and its talk. */
record Called(int code, String out, String err) {
    static Called with(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Terraseal.command()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Called(code, out.toString(), err.toString());
    }
}
