package dev.terraseal.run.apply;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code terraform version} says in its first line: with {@code -json} OpenTofu does not say that it is OpenTofu,
 * and what its file is called proves nothing.
 *
 * @param title {@code Terraform} or {@code OpenTofu}
 */
record EngineVersion(String title, String version) {
    private static final Pattern FIRST_LINE = Pattern.compile("(Terraform|OpenTofu) v(\\S+)");
    private static final int LINE_MAX = 200;

    /** Empty where it says something else. */
    static Optional<EngineVersion> read(InputStream answer) throws IOException {
        String text = new String(answer.readNBytes(LINE_MAX), StandardCharsets.UTF_8);
        Matcher said = FIRST_LINE.matcher(text);
        return said.lookingAt() ? Optional.of(new EngineVersion(said.group(1), said.group(2))) : Optional.empty();
    }

    /** As the event names it. */
    String name() {
        return isTofu() ? "tofu" : "terraform";
    }

    /** Terraform from 1.10 and OpenTofu from 1.8 take variables again beside a saved plan; older ones refuse them. */
    boolean takesVariablesBesideAPlan() {
        return atLeast(1, isTofu() ? 8 : 10);
    }

    private boolean isTofu() {
        return title.equals("OpenTofu");
    }

    /** What does not look like a version counts as new. */
    private boolean atLeast(int major, int minor) {
        String[] parts = version.split("[.-]", -1);
        if (parts.length < 2 || !parts[0].matches("[0-9]{1,4}") || !parts[1].matches("[0-9]{1,4}")) {
            return true;
        }
        int actual = Integer.parseInt(parts[0]);
        return actual > major || (actual == major && Integer.parseInt(parts[1]) >= minor);
    }
}
