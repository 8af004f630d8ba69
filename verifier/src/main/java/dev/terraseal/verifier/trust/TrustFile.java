package dev.terraseal.verifier.trust;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.verifier.entries.Requirement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A trust file (FORMATS section 10). What this version cannot check is refused and never ignored: somebody wrote it down
 * because they rely on it.
 */
public final class TrustFile {
    private static final Pattern BLANK = Pattern.compile("[ \t\n]*");

    private TrustFile() {}

    /** Reads one; any fault is a {@link JsonException} that says how to mend it. */
    public static Trust parse(Bytes bytes) {
        Json.Obj json = HandWrittenJson.parseObject(bytes)
                .requireMembers(
                        "format",
                        "origin",
                        "genesis",
                        "witnesses?",
                        "witnessesFrom?",
                        "require?",
                        "timeAuthorities?",
                        "lastSeen?",
                        "maxHeadAgeSeconds?",
                        "brokenAlgorithms?",
                        "identityIssuers?");
        if (json.number("format") != 1) {
            throw new JsonException(
                    "the trust file has format " + json.number("format") + "; this version reads format 1");
        }
        return new Trust(
                json.digest("genesis"),
                new LogOrigin(json.string("origin")),
                witnesses(json),
                requirements(json),
                timeAuthorities(json),
                lastSeen(json.objectOrNull("lastSeen")),
                json.has("maxHeadAgeSeconds") ? Duration.ofSeconds(count(json, "maxHeadAgeSeconds")) : null,
                broken(json),
                json.has("identityIssuers") ? json.array("identityIssuers").strings() : List.of());
    }

    private static long count(Json.Obj json, String name) {
        long value = json.number(name);
        if (value < 0) {
            throw new JsonException("'" + name + "' is " + value + ", not a number of 0 or more");
        }
        return value;
    }

    private static @Nullable WitnessDemand witnesses(Json.Obj json) {
        String policy = json.stringOrNull("witnesses");
        if (policy == null || BLANK.matcher(policy).matches()) {
            if (json.has("witnessesFrom")) {
                throw new JsonException(
                        "'witnessesFrom' says from when on 'witnesses' are required, and there are none");
            }
            return null;
        }
        try {
            return new WitnessDemand(
                    TlogPolicy.parse(Bytes.utf8(policy)), json.has("witnessesFrom") ? count(json, "witnessesFrom") : 0);
        } catch (NoteException wrong) {
            throw new JsonException("'witnesses' is no witness policy: " + wrong.getMessage());
        }
    }

    private static List<TimeAuthority> timeAuthorities(Json.Obj json) {
        List<TimeAuthority> out = new ArrayList<>();
        if (json.has("timeAuthorities")) {
            for (Json.Obj authority : json.array("timeAuthorities").objects()) {
                authority.requireMembers("policy?", "root");
                try {
                    out.add(TimeAuthority.of(authority.string("root"), authority.stringOrNull("policy")));
                } catch (IllegalArgumentException wrong) {
                    throw new JsonException("'timeAuthorities': " + wrong.getMessage());
                }
            }
        }
        return out;
    }

    private static Map<Algorithm, Timestamp> broken(Json.Obj json) {
        Map<Algorithm, Timestamp> out = new EnumMap<>(Algorithm.class);
        if (json.has("brokenAlgorithms")) {
            for (Json.Obj line : json.array("brokenAlgorithms").objects()) {
                line.requireMembers("after", "algorithm");
                Timestamp after = Timestamp.parse(line.string("after"));
                if (out.put(algorithm(line.string("algorithm")), after) != null) {
                    throw new JsonException("'brokenAlgorithms' names " + line.string("algorithm") + " twice");
                }
            }
        }
        return out;
    }

    private static List<Requirement> requirements(Json.Obj json) {
        List<Requirement> out = new ArrayList<>();
        if (!json.has("require")) {
            return out;
        }
        for (Json.Obj line : json.array("require").objects()) {
            line.requireMembers("from", "use", "algorithms");
            KeyUse use = KeyUse.fromText(line.string("use"))
                    .orElseThrow(() -> new JsonException("unknown key use '" + line.string("use") + "'"));
            if (use != KeyUse.ATTEST && use != KeyUse.LOG) {
                throw new JsonException("the trust file requires algorithms of '" + use.text()
                        + "' keys, which this version cannot check; it can for 'attest' and 'log'");
            }
            Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
            for (String name : line.array("algorithms").strings()) {
                algorithms.add(algorithm(name));
            }
            out.add(new Requirement(count(line, "from"), use, algorithms));
        }
        return out;
    }

    private static Algorithm algorithm(String name) {
        return Algorithm.fromText(name).orElseThrow(() -> new JsonException("unknown algorithm '" + name + "'"));
    }

    private static Trust.@Nullable LastSeen lastSeen(Json.@Nullable Obj json) {
        if (json == null) {
            return null;
        }
        json.requireMembers("size", "root");
        return new Trust.LastSeen(count(json, "size"), Digest.fromBytes(json.base64("root")));
    }
}
