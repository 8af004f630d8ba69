package dev.terraseal.core.statement;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import java.util.Optional;

/** The closed list of predicate types. The body's member set tells them apart: one type's body is refused under another. */
public enum PredicateType {
    TERRAFORM_APPLY(
            "terraform-apply/v1",
            "capture?",
            "change?",
            "changes?",
            "configuration?",
            "dependencies?",
            "diagnostics?",
            "engine?",
            "invocation?",
            "outcome",
            "plan?",
            "state?",
            "workspace?"),
    TERRAFORM_PLAN(
            "terraform-plan/v1",
            "capture?",
            "change?",
            "changes?",
            "configuration?",
            "dependencies?",
            "engine?",
            "invocation?",
            "plan?",
            "workspace?"),
    RECORDED("recorded/v1", "bytes", "mediaType", "predicateType", "sha256", "signed"),
    KEY_EVENT("key-event/v1", "authorisation"),
    HEADS("heads/v1", "root", "streams");

    /** All of our types live under this prefix, and none but these. */
    public static final String PREFIX = "https://terraseal.dev/";

    private final String uri;

    @SuppressWarnings("ImmutableEnumChecker") // given to nobody who would change it
    private final String[] members;

    PredicateType(String name, String... members) {
        this.uri = PREFIX + name;
        this.members = members;
    }

    public String uri() {
        return uri;
    }

    public static Optional<PredicateType> fromUri(String uri) {
        for (PredicateType type : values()) {
            if (type.uri.equals(uri)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Refuses a body that has not this type's members. */
    public void requireBody(Json.Obj body) {
        try {
            body.requireMembers(members);
        } catch (JsonException wrong) {
            throw new JsonException("the body is not one of " + uri + ": " + wrong.getMessage());
        }
    }
}
