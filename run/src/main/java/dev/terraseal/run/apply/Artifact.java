package dev.terraseal.run.apply;

import java.nio.file.Path;
import java.util.List;

/** What to write into a CI configuration so that a spool outlives its runner. */
final class Artifact {
    private Artifact() {}

    /** Two lines for the CI system that runs this; none where it is no CI system. */
    static List<String> lines(String provider, boolean ci, Path spool) {
        return switch (provider) {
            case "github" ->
                List.of(
                        "- {if: always(), uses: actions/upload-artifact@v4,",
                        "   with: {name: terraseal-spool, path: '" + spool
                                + "', include-hidden-files: true, if-no-files-found: ignore}}");
            case "gitlab" ->
                List.of(
                        "artifacts: {when: always, paths: [.terraseal-spool]}",
                        "variables: {TERRASEAL_SPOOL: $CI_PROJECT_DIR/.terraseal-spool}");
            case "jenkins" ->
                List.of(
                        "environment { TERRASEAL_SPOOL = \"${WORKSPACE}/.terraseal-spool\" }",
                        "post { always { archiveArtifacts artifacts: '.terraseal-spool/**', defaultExcludes: false } }");
            default ->
                ci
                        ? List.of(
                                "keep this directory after the job, also when it failed: " + spool,
                                "send it from anywhere later: terraseal spool flush --spool DIRECTORY")
                        : List.of();
        };
    }
}
