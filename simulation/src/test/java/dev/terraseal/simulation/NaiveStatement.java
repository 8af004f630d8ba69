package dev.terraseal.simulation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a statement says, read with {@link NaiveJson}. */
public record NaiveStatement(
        String log,
        long sequence,
        String prevHash,
        String stream,
        long streamSequence,
        String streamPrevHash,
        String id,
        String receivedAt,
        String type,
        Map<String, Object> body,
        String subjectSha256,
        String hash) {
    /** The same statement is met on three topics and in the archive; statements of equal runs recur. */
    private static final Map<Bytes, NaiveStatement> READ = new HashMap<>();

    private static final int READ_MAX = 4_096;

    @SuppressWarnings("unchecked")
    public static NaiveStatement read(Bytes statement) {
        NaiveStatement known = READ.get(statement);
        if (known != null) {
            return known;
        }
        Map<String, Object> all = NaiveJson.object(new String(statement.toByteArray(), StandardCharsets.UTF_8));
        Map<String, Object> predicate = (Map<String, Object>) all.get("predicate");
        Map<String, Object> chain = (Map<String, Object>) predicate.get("chain");
        Map<String, Object> place = (Map<String, Object>) chain.get("stream");
        Map<String, Object> event = (Map<String, Object>) predicate.get("event");
        Map<String, Object> subject = (Map<String, Object>) ((List<Object>) all.get("subject")).get(0);
        NaiveStatement read = new NaiveStatement(
                (String) chain.get("log"),
                (Long) chain.get("sequence"),
                (String) chain.get("prevHash"),
                (String) place.get("id"),
                (Long) place.get("sequence"),
                (String) place.get("prevHash"),
                (String) event.get("id"),
                (String) event.get("receivedAt"),
                (String) all.get("predicateType"),
                (Map<String, Object>) predicate.get("body"),
                (String) ((Map<String, Object>) subject.get("digest")).get("sha256"),
                Digest.of(statement).hex());
        if (READ.size() >= READ_MAX) {
            READ.clear();
        }
        READ.put(statement, read);
        return read;
    }
}
