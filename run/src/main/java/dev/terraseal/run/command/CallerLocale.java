package dev.terraseal.run.command;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The locale this process was called in. A JVM reads its words and variables by it: bytes that mean nothing there become
 * U+FFFD, and a question mark where they are passed on.
 *
 * @param named the variable that decides, and its value
 */
record CallerLocale(String named, Charset charset) {
    private static final String LOST = "\uFFFD";

    static CallerLocale of(Map<String, String> environment) {
        String named = Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .findFirst()
                .map(name -> name + "=" + environment.get(name))
                .orElse("LC_ALL and LANG are not set");
        // What the JVM itself goes by; file.encoding may be set to anything.
        String jvm = System.getProperty("sun.jnu.encoding", "");
        return new CallerLocale(named, Charset.isSupported(jvm) ? Charset.forName(jvm) : Charset.defaultCharset());
    }

    /**
     * Refuses what would reach terraform or the log as something else than was written.
     *
     * @param texts by what a person calls each; the texts themselves may be secret and are not shown
     */
    void requireCarried(Map<String, String> texts) {
        texts.forEach((name, text) -> {
            if (text.contains(LOST) || !carries(text)) {
                throw new IllegalArgumentException(cannotCarry(name));
            }
        });
    }

    boolean carries(String text) {
        return charset.newEncoder().canEncode(text);
    }

    String cannotCarry(String name) {
        return "this locale (" + named + ": " + charset.name() + ") cannot carry " + name + "; "
                + (charset.equals(StandardCharsets.UTF_8)
                        ? "it is no UTF-8: write it in that"
                        : "set LC_ALL=C.UTF-8, or another UTF-8 that `locale -a` lists");
    }
}
