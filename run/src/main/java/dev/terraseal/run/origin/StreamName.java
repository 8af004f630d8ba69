package dev.terraseal.run.origin;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.StreamId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream an apply belongs to where nobody names one: the place of its state, else repository, path and workspace,
 * else the directory. The same state should always give the same stream, because continuity is judged within one.
 */
public final class StreamName {
    private static final int LENGTH_MAX = 256;

    private StreamName() {}

    public static StreamId of(Workspace workspace, Repository repository, Path directory) {
        List<String> segments = new ArrayList<>();
        String remote = repository.remote();
        if (!workspace.place().isEmpty()) {
            workspace.place().forEach(part -> add(segments, part));
        } else {
            if (remote != null) {
                add(segments, path(remote));
                String path = repository.path();
                add(segments, path == null || path.equals(".") ? "" : path);
            } else {
                add(segments, "local");
                add(
                        segments,
                        String.valueOf(directory.toAbsolutePath().normalize().getFileName()));
            }
            if (!workspace.name().equals("default")) {
                add(segments, workspace.name());
            }
        }
        return fit(String.join("/", segments));
    }

    /** {@code https://host/acme/infra.git} and {@code host:acme/infra.git} are {@code acme/infra}. */
    private static String path(String remote) {
        String rest = remote;
        int scheme = remote.indexOf("://");
        if (scheme >= 0) {
            int slash = remote.indexOf('/', scheme + 3);
            rest = slash < 0 ? "" : remote.substring(slash + 1);
        } else if (remote.indexOf(':') > 0) {
            rest = remote.substring(remote.indexOf(':') + 1);
        }
        return rest.endsWith(".git") ? rest.substring(0, rest.length() - 4) : rest;
    }

    private static void add(List<String> segments, @Nullable String text) {
        for (String segment : String.valueOf(text).split("/", -1)) {
            String clean = segment.replaceAll("[^A-Za-z0-9._-]", "-");
            if (!clean.isEmpty()) {
                segments.add(clean.equals(".") || clean.equals("..") ? "dot" : clean);
            }
        }
    }

    private static StreamId fit(String joined) {
        String name = joined.startsWith("_") ? "x" + joined : joined.isEmpty() ? "local" : joined;
        if (name.length() > LENGTH_MAX) {
            String digest = Digest.of(Bytes.utf8(name)).hex().substring(0, 12);
            name = name.substring(0, LENGTH_MAX - 13).replaceAll("/+$", "") + "-" + digest;
        }
        return new StreamId(name);
    }
}
