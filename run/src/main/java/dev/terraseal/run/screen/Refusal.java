package dev.terraseal.run.screen;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;

/** An error terraform itself would have reported at this point. */
public final class Refusal {
    private static final int WIDTH = 78;

    private Refusal() {}

    public static void print(PrintStream err, Style style, String summary) {
        ObjectNode diagnostic = JsonNodeFactory.instance.objectNode();
        diagnostic.put("severity", "error").put("summary", summary).put("detail", "");
        err.print(new DiagnosticText(style, WIDTH).of(diagnostic));
        err.flush();
    }
}
