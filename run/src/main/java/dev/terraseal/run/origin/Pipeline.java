package dev.terraseal.run.origin;

import dev.terraseal.core.canonical.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the CI system says about this job in its environment variables: claims, nobody checked them. Members that are
 * not known are null.
 */
public record Pipeline(
        String provider,
        @Nullable String actor,
        @Nullable String repository,
        @Nullable String ref,
        @Nullable String commit,
        @Nullable String pipeline,
        @Nullable String job,
        @Nullable String runId,
        @Nullable String runAttempt,
        @Nullable String runUrl,
        @Nullable String runner,
        @Nullable String environment) {
    /** The provider where no CI system is recognised. */
    public static final String NONE = "none";

    /** Recognises GitHub Actions, GitLab CI, HCP Terraform, Atlantis and Jenkins. */
    public static Pipeline of(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        if (variables.has("GITHUB_ACTIONS")) {
            return github(variables);
        }
        if (variables.has("GITLAB_CI")) {
            return gitlab(variables);
        }
        if (variables.has("TFC_RUN_ID")) {
            return hcp(variables);
        }
        if (variables.has("ATLANTIS_TERRAFORM_VERSION")
                || (variables.has("PULL_NUM") && variables.has("BASE_REPO_NAME"))) {
            return atlantis(variables);
        }
        if (variables.has("JENKINS_URL")) {
            return jenkins(variables);
        }
        return new Pipeline(
                NONE,
                variables.text("USER"),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                variables.text("HOSTNAME"),
                null);
    }

    private record Variables(Map<String, String> environment) {
        boolean has(String name) {
            return !environment.getOrDefault(name, "").isEmpty();
        }

        @Nullable String text(String name) {
            return Claims.text(environment.get(name));
        }

        @Nullable String url(String name) {
            return Claims.url(environment.get(name));
        }

        /** The pieces joined by slashes; null where one is missing. */
        @Nullable String joined(String... names) {
            StringBuilder out = new StringBuilder();
            for (String name : names) {
                String value = name.startsWith("/") ? name.substring(1) : text(name);
                if (value == null) {
                    return null;
                }
                out.append(out.length() == 0 ? "" : "/").append(value);
            }
            return Claims.url(out.toString());
        }
    }

    private static Pipeline github(Variables v) {
        return new Pipeline(
                "github",
                v.text("GITHUB_ACTOR"),
                v.joined("GITHUB_SERVER_URL", "GITHUB_REPOSITORY"),
                v.text("GITHUB_REF"),
                v.text("GITHUB_SHA"),
                v.text("GITHUB_WORKFLOW"),
                v.text("GITHUB_JOB"),
                v.text("GITHUB_RUN_ID"),
                v.text("GITHUB_RUN_ATTEMPT"),
                v.joined("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "/actions", "/runs", "GITHUB_RUN_ID"),
                v.text("RUNNER_NAME"),
                null);
    }

    private static Pipeline gitlab(Variables v) {
        return new Pipeline(
                "gitlab",
                v.text("GITLAB_USER_LOGIN"),
                v.url("CI_PROJECT_URL"),
                v.text("CI_COMMIT_REF_NAME"),
                v.text("CI_COMMIT_SHA"),
                v.text("CI_PIPELINE_ID"),
                v.text("CI_JOB_NAME"),
                v.text("CI_JOB_ID"),
                null,
                v.url("CI_JOB_URL"),
                v.text("CI_RUNNER_ID"),
                v.text("CI_ENVIRONMENT_NAME"));
    }

    private static Pipeline hcp(Variables v) {
        return new Pipeline(
                "hcp-terraform",
                null,
                null,
                v.text("TFC_CONFIGURATION_VERSION_GIT_BRANCH"),
                v.text("TFC_CONFIGURATION_VERSION_GIT_COMMIT_SHA"),
                v.text("TFC_WORKSPACE_SLUG"),
                v.text("TFC_WORKSPACE_NAME"),
                v.text("TFC_RUN_ID"),
                null,
                null,
                null,
                null);
    }

    private static Pipeline atlantis(Variables v) {
        return new Pipeline(
                "atlantis",
                v.text("USER_NAME"),
                v.joined("BASE_REPO_OWNER", "BASE_REPO_NAME"),
                v.text("HEAD_BRANCH_NAME"),
                v.text("HEAD_COMMIT"),
                v.text("PROJECT_NAME"),
                v.text("WORKSPACE"),
                v.text("PULL_NUM"),
                null,
                v.url("PULL_URL"),
                null,
                null);
    }

    private static Pipeline jenkins(Variables v) {
        return new Pipeline(
                "jenkins",
                v.text("BUILD_USER_ID"),
                v.url("GIT_URL"),
                v.text("GIT_BRANCH"),
                v.text("GIT_COMMIT"),
                v.text("JOB_NAME"),
                v.text("STAGE_NAME"),
                v.text("BUILD_NUMBER"),
                null,
                v.url("BUILD_URL"),
                v.text("NODE_NAME"),
                null);
    }

    /** The member {@code claimed} of an event. */
    public Json.Obj claimed(String tool) {
        return Json.obj()
                .putIfPresent("actor", actor)
                .put("ciProvider", provider)
                .putIfPresent("commit", commit)
                .putIfPresent("job", job)
                .putIfPresent("pipeline", pipeline)
                .putIfPresent("ref", ref)
                .putIfPresent("repository", repository)
                .putIfPresent("runAttempt", runAttempt)
                .putIfPresent("runId", runId)
                .putIfPresent("runUrl", runUrl)
                .putIfPresent("runner", runner)
                .put("tool", tool)
                .build();
    }
}
