package dev.terraseal.run.apply;

import dev.terraseal.run.origin.Pipeline;
import dev.terraseal.run.origin.Repository;
import dev.terraseal.run.origin.Workspace;
import dev.terraseal.run.terraform.LockFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Everything about an apply that is not terraform's doing. */
public record Surroundings(
        Path directory, Workspace workspace, Repository repository, Pipeline pipeline, Optional<LockFile> lockFile) {

    public static Surroundings of(Path directory, Map<String, String> environment)
            throws IOException, InterruptedException {
        return new Surroundings(
                directory,
                Workspace.of(directory, environment),
                Repository.of(directory),
                Pipeline.of(environment),
                LockFile.of(directory));
    }
}
