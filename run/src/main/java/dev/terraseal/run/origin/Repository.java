package dev.terraseal.run.origin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The git checkout a configuration lies in; members that are not known are null, all of them where there is no git.
 *
 * @param path of the configuration within the repository, {@code .} at its root
 * @param dirty whether the working tree differs from the commit, files git does not know included
 */
public record Repository(
        @Nullable String remote,
        @Nullable String ref,
        @Nullable String commit,
        @Nullable Boolean dirty,
        @Nullable String path) {
    private static final int SECONDS_MAX = 20;

    /** Asks {@code git}; never over the network, never with a prompt. */
    public static Repository of(Path directory) throws InterruptedException {
        String prefix = git(directory, "rev-parse", "--show-prefix");
        if (prefix == null) {
            return new Repository(null, null, null, null, null);
        }
        String status = git(directory, "status", "--porcelain");
        return new Repository(
                Claims.url(git(directory, "remote", "get-url", "origin")),
                Claims.text(git(directory, "symbolic-ref", "-q", "HEAD")),
                Claims.text(git(directory, "rev-parse", "-q", "--verify", "HEAD")),
                status == null ? null : Boolean.valueOf(!status.isEmpty()),
                prefix.isEmpty() ? "." : Claims.text(prefix.substring(0, prefix.length() - 1)));
    }

    /** What git answers without the last newline, or null where it fails. */
    private static @Nullable String git(Path directory, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().remove("TERRASEAL_TOKEN");
        try {
            Process process = builder.start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroy();
                return null;
            }
            return answer.endsWith("\n") ? answer.substring(0, answer.length() - 1) : answer;
        } catch (IOException noGit) {
            return null;
        }
    }
}
