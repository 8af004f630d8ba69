package dev.terraseal.simulation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.simulation.store.Objects;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The entries the archive holds without a gap, from the oldest version of each segment that goes on with the log. */
public final class NaiveArchive {
    private final Objects objects;
    private final String genesis;
    private final List<Bytes> statements = new ArrayList<>();
    private final List<Bytes> hashes = new ArrayList<>();
    private final List<Long> batches = new ArrayList<>();
    private int seen;

    NaiveArchive(Objects objects, String genesis) {
        this.objects = objects;
        this.genesis = genesis;
    }

    public List<Bytes> statements() {
        return statements;
    }

    /** Their entry hashes. */
    public List<Bytes> hashes() {
        return hashes;
    }

    /** The first entry of the batch that signs each of them; null for one that has a signature of its own. */
    public List<Long> batches() {
        return batches;
    }

    /** Takes what was written since. */
    public void read() {
        if (seen == objects.journal().size()) {
            return;
        }
        seen = objects.journal().size();
        boolean more = true;
        while (more) {
            more = false;
            for (Objects.Obj version : objects.versions("segments/%020d.jsonl".formatted(statements.size()))) {
                if (version.content() != null
                        && take(new String(version.content().toByteArray(), java.nio.charset.StandardCharsets.UTF_8))) {
                    more = true;
                    break;
                }
            }
        }
    }

    private boolean take(String text) {
        List<Bytes> found = new ArrayList<>();
        List<Long> signedIn = new ArrayList<>();
        if (!text.endsWith("\n")) {
            return false;
        }
        String before =
                hashes.isEmpty() ? genesis : hashes.get(hashes.size() - 1).hex();
        for (String line : text.substring(0, text.length() - 1).split("\n")) {
            Bytes statement;
            try {
                Map<String, Object> json = NaiveJson.object(line);
                statement = Bytes.wrap(Base64.getDecoder().decode((String) json.get("payload")));
                NaiveStatement read = NaiveStatement.read(statement);
                if (read.sequence() != statements.size() + found.size()
                        || !read.prevHash().equals(before)) {
                    return false;
                }
                before = read.hash();
                signedIn.add((Long) json.get("batch"));
            } catch (RuntimeException notOurs) {
                return false;
            }
            found.add(statement);
        }
        statements.addAll(found);
        batches.addAll(signedIn);
        found.forEach(statement -> hashes.add(Digest.of(statement).bytes()));
        return true;
    }
}
