package dev.terraseal.run.screen;

import com.fasterxml.jackson.databind.JsonNode;

/** A diagnostic of the machine-readable stream, written out the way terraform writes it for people. */
final class DiagnosticText {
    private static final String RULE = "├────────────────";

    private final Style style;
    private final int width;

    DiagnosticText(Style style, int width) {
        this.style = style;
        this.width = width;
    }

    String of(JsonNode diagnostic) {
        String severity = diagnostic.path("severity").asText();
        String text = head(severity, diagnostic.path("summary").asText())
                + source(diagnostic)
                + detail(diagnostic.path("detail").asText());
        return style.colour() ? boxed(text, severity.equals("warning") ? "33" : "31") : "\n" + text;
    }

    private String head(String severity, String summary) {
        String label = severity.equals("warning") ? "Warning: " : "Error: ";
        if (!style.colour()) {
            return label + summary + "\n\n";
        }
        String number = severity.equals("warning") ? "33" : "31";
        return style.bold() + style.code(number) + label + style.reset() + style.reset() + style.bold() + summary
                + style.reset() + "\n\n" + style.reset();
    }

    private String source(JsonNode diagnostic) {
        JsonNode range = diagnostic.path("range");
        JsonNode snippet = diagnostic.path("snippet");
        StringBuilder out = new StringBuilder();
        if (diagnostic.path("address").isTextual()) {
            out.append("  with ").append(diagnostic.path("address").asText()).append(range.isObject() ? ",\n" : "\n");
        }
        if (!range.isObject()) {
            return out.append(out.length() == 0 ? "" : "\n").toString();
        }
        out.append("  on ").append(range.path("filename").asText());
        out.append(" line ").append(range.path("start").path("line").asInt());
        if (snippet.path("context").isTextual()) {
            out.append(", in ").append(snippet.path("context").asText());
        }
        out.append(snippet.isObject() ? ":\n" : ":\n  (source code not available)\n");
        if (snippet.isObject()) {
            code(snippet, out);
            values(snippet, out);
        }
        return out.append('\n').toString();
    }

    private void code(JsonNode snippet, StringBuilder out) {
        String code = snippet.path("code").asText();
        int length = code.length();
        int from = Math.max(
                0, Math.min(length, snippet.path("highlight_start_offset").asInt()));
        int to = Math.max(
                from, Math.min(length, snippet.path("highlight_end_offset").asInt()));
        int number = snippet.path("start_line").asInt();
        int lineStart = 0;
        for (String line : code.split("\n", -1)) {
            int lineEnd = lineStart + line.length();
            int begin = Math.max(from, lineStart) - lineStart;
            int end = Math.min(to, lineEnd) - lineStart;
            String label = " ".repeat(Math.max(0, 4 - Integer.toString(number).length())) + number + ": ";
            if (begin < end) {
                out.append(label).append(line, 0, begin).append(style.code("4")).append(line, begin, end);
                out.append(style.reset()).append(line, end, line.length()).append(style.reset());
            } else {
                out.append(label).append(line);
            }
            out.append('\n');
            lineStart = lineEnd + 1;
            number++;
        }
    }

    private void values(JsonNode snippet, StringBuilder out) {
        JsonNode values = snippet.path("values");
        if (values.isEmpty()) {
            return;
        }
        out.append("    ")
                .append(style.code("90"))
                .append(RULE)
                .append(style.reset())
                .append('\n');
        out.append(style.reset());
        for (JsonNode value : values) {
            out.append("    ")
                    .append(style.code("90"))
                    .append('│')
                    .append(style.reset())
                    .append(' ');
            out.append(style.bold()).append(value.path("traversal").asText()).append(style.reset());
            out.append(' ')
                    .append(value.path("statement").asText())
                    .append('\n')
                    .append(style.reset());
        }
    }

    private String detail(String detail) {
        if (detail.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        int column = style.colour() ? width - 3 : width - 1;
        for (String line : detail.split("\n", -1)) {
            out.append(line.startsWith(" ") ? line : WordWrap.wrap(line, column))
                    .append('\n');
        }
        return out.toString();
    }

    private String boxed(String text, String number) {
        String rule = style.code(number);
        StringBuilder out = new StringBuilder();
        out.append(rule).append('╷').append(style.reset()).append(style.reset()).append('\n');
        String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        for (String line : body.split("\n", -1)) {
            out.append(rule).append('│').append(style.reset()).append(' ').append(style.reset());
            out.append(line).append('\n');
        }
        return out.append(rule)
                .append('╵')
                .append(style.reset())
                .append(style.reset())
                .append('\n')
                .toString();
    }
}
