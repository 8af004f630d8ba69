package dev.terraseal.run.terraform;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code .terraform.lock.hcl}: the providers an apply runs. Read by the few lines terraform itself writes there; modules
 * have no digests in it.
 */
public record LockFile(Digest sha256, List<Json> dependencies) {
    private static final Pattern PROVIDER =
            Pattern.compile("(?m)^provider \"([^\"\\n]+)\" \\{\\R(.*?)^\\}", Pattern.DOTALL);
    private static final Pattern VERSION = Pattern.compile("(?m)^\\s+version\\s+=\\s+\"([^\"\\n]+)\"");
    private static final Pattern HASH = Pattern.compile("\"(h1|zh):([^\"\\n]+)\"");
    private static final int DEPENDENCIES_MAX = 500;

    public LockFile {
        dependencies = List.copyOf(dependencies);
    }

    /** Empty where there is none. */
    public static Optional<LockFile> of(Path directory) throws IOException {
        Path file = directory.resolve(".terraform.lock.hcl");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        byte[] content = Files.readAllBytes(file);
        String text = new String(content, StandardCharsets.UTF_8);
        List<Json> dependencies = new ArrayList<>();
        Matcher provider = PROVIDER.matcher(text);
        while (provider.find() && dependencies.size() < DEPENDENCIES_MAX) {
            dependencies.add(dependency(provider.group(1), provider.group(2)));
        }
        return Optional.of(new LockFile(Digest.of(Bytes.copyOf(content)), dependencies));
    }

    /** One {@code h1} (the unpacked provider, the same on every platform that has it) stands for all. */
    private static Json dependency(String source, String block) {
        Matcher version = VERSION.matcher(block);
        Json.Builder digest = Json.obj();
        boolean any = false;
        Matcher hash = HASH.matcher(block);
        while (hash.find() && !any) {
            if (hash.group(1).equals("h1")) {
                digest.put("h1", hash.group(2));
                any = true;
            }
        }
        Json.Builder out = Json.obj().put("name", version.find() ? source + "@" + version.group(1) : source);
        return any ? out.put("digest", digest.build()).build() : out.build();
    }
}
