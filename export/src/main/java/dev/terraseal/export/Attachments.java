package dev.terraseal.export;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.Stored;
import dev.terraseal.store.Validity;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The attachments that exported statements name by digest, as far as the archive has them. */
final class Attachments {
    private final ArchivedLog log;
    private final Set<String> archived = new HashSet<>();
    private final TreeSet<String> named = new TreeSet<>();

    Attachments(ArchivedLog log) throws IOException, ExportException {
        this.log = log;
        log.eachName(ArchiveNames.ATTACHMENTS, name -> archived.add(name.substring(ArchiveNames.ATTACHMENTS.length())));
    }

    /** Remembers which archived attachments {@code statement} names. */
    void see(Statement statement) {
        if (!archived.isEmpty()) {
            see(statement.body());
            see(statement.subjects());
        }
    }

    private void see(Json value) {
        if (value instanceof Json.Obj object) {
            for (Map.Entry<String, Json> member : object.members().entrySet()) {
                see(member.getValue());
            }
        } else if (value instanceof Json.Arr array) {
            array.items().forEach(this::see);
        } else if (value instanceof Json.Str text && archived.contains(text.value())) {
            named.add(text.value());
        }
    }

    void write(BundleDirectory bundle) throws IOException {
        for (String hex : named) {
            Digest digest = Digest.fromHex(hex);
            Optional<Stored> stored = log.archive().read(ArchiveNames.attachment(digest), Validity.sha256(digest));
            if (stored.isPresent()) {
                bundle.put(ArchiveNames.attachment(digest), stored.get().content());
            }
        }
    }
}
