package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.SequenceNumber;
import java.util.List;
import java.util.regex.Pattern;

/** The names a bundle may hold (FORMATS section 8). Everything else is a stranger, whoever sealed it. */
public final class BundleNames {
    public static final String SUMS = "SHA256SUMS";
    public static final String SEAL = "SHA256SUMS.sig";
    public static final String EXPORT_KEY = "export_key.pem";
    public static final String MANIFEST = "manifest.json";
    public static final String LOG = "log.json";
    public static final String CHECKPOINT = "checkpoint";
    public static final String SIGNATURES = "signatures.jsonl";
    public static final String BATCHES = "batches.jsonl";
    public static final String RANGE = "proofs/range.json";
    public static final String ENTRIES = "proofs/entries.jsonl";
    public static final String STREAM = "proofs/stream.json";
    public static final String CONSISTENCY = "proofs/consistency/";
    public static final String KEY_EVENTS = "key-events/";
    public static final String ATTACHMENTS = "attachments/sha256/";
    public static final String KEYS = "keys/";
    public static final String TIMESTAMPS = "timestamps/";
    public static final String README = "README.txt";
    public static final String ENVELOPES = "attestations.intoto.jsonl";
    public static final String POPULATION = "population.csv";
    public static final String REPORT = "report.html";
    /** The browser's verifier: the same file in every bundle of a release. */
    public static final String PAGE = "verify.html";

    /** Above this many artifacts an export keeps them in shards, a new one at every so many. */
    public static final int SHARD = 10_000;

    private static final Pattern KNOWN = Pattern.compile("(key-events/)?artifacts/[0-9]{20}\\.json"
            + "|artifacts/[0-9]{20}\\.jsonl"
            + "|(key-events/)?(signatures|batches)\\.jsonl"
            + "|key-events/proofs/(entries\\.jsonl|stream\\.json)"
            + "|proofs/(range\\.json|stream\\.json|entries\\.jsonl|consistency/[1-9][0-9]{0,15})"
            + "|keys/[0-9a-f]{64}\\.pem"
            + "|attachments/sha256/[0-9a-f]{64}"
            + "|timestamps/[1-9][0-9]{0,15}/(note|[a-z0-9.-]{1,64}-[0-9]{8}T[0-9]{6}Z\\.tsr)"
            + "|timestamps/renewed/[0-9]{8}T[0-9]{6}Z/(list|[a-z0-9.-]{1,64}-[0-9]{8}T[0-9]{6}Z\\.tsr)"
            + "|docs/.+");

    private static final List<String> FIXED =
            List.of(SUMS, SEAL, EXPORT_KEY, MANIFEST, LOG, CHECKPOINT, README, ENVELOPES, POPULATION, REPORT, PAGE);

    private BundleNames() {}

    public static boolean isKnown(String name) {
        return FIXED.contains(name) || KNOWN.matcher(name).matches();
    }

    /** The file of one artifact where they are files. */
    public static String artifact(SequenceNumber sequence) {
        return "artifacts/" + sequence.padded() + ".json";
    }

    /** The shard that begins with an artifact. */
    public static String shard(SequenceNumber first) {
        return "artifacts/" + first.padded() + ".jsonl";
    }
}
