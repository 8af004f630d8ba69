package dev.terraseal.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

/**
 * Puts the page together when it is built: {@code page.html} with the style and all scripts inline, and a content security
 * policy that allows these and nothing else. The scripts go in as they are, because people are meant to read them.
 */
public final class PageAssembler {
    private final Path sources;
    private final String version;

    public PageAssembler(Path sources, String version) {
        this.sources = sources;
        this.version = version;
    }

    /** {@code SOURCES OUT VERSION}. */
    public static void main(String[] arguments) throws IOException {
        Path out = Path.of(arguments[1]);
        Files.createDirectories(out.getParent());
        Files.writeString(out, new PageAssembler(Path.of(arguments[0]), arguments[2]).page());
    }

    /** The same sources and version give the same bytes on every machine. */
    public String page() throws IOException {
        String style = read("style.css");
        String script = script();
        // A hash is over everything between the tags; the line end behind the opening one is part of it.
        return read("page.html")
                .replace("{{policy}}", policy("\n" + script, "\n" + style))
                .replace("{{version}}", version)
                .replace("{{style}}", "\n" + style)
                .replace("{{script}}", "\n" + script);
    }

    private String script() throws IOException {
        StringBuilder out = new StringBuilder();
        out.append("'use strict';\n\nconst VERSION = '").append(version).append("';\n");
        for (String name : order()) {
            String source = read("script/" + name);
            if (source.contains("</script") || source.contains("<!--") || source.contains("{{")) {
                throw new IOException(name + " holds what would end the script or be replaced in it");
            }
            out.append("\n/* ---- ").append(name).append(" ---- */\n\n").append(source);
        }
        return out.toString();
    }

    private List<String> order() throws IOException {
        return read("order.txt")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static String policy(String script, String style) {
        return "default-src 'none'; script-src '" + hash(script) + "'; style-src '" + hash(style)
                + "'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java has SHA-256", absent);
        }
    }

    /** A checkout with other line ends must not make another page. */
    private String read(String name) throws IOException {
        return Files.readString(sources.resolve(name)).replace("\r\n", "\n");
    }
}
