package dev.terraseal.verifier.entries;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import java.util.List;

/** How an entry is signed: by itself, or as a leaf of a signed batch. */
public sealed interface EntrySignatures {
    /** No path has more hashes (FORMATS section 9); one that is too long for its batch is wrong and not malformed. */
    int PATH_MAX = 64;

    /** DSSE signatures over the statement. */
    record Own(List<DsseSignature> signatures) implements EntrySignatures {
        public Own {
            signatures = List.copyOf(signatures);
        }
    }

    /** The RFC 6962 path of the entry's leaf in the batch that begins at {@code first}. */
    record InBatch(SequenceNumber first, List<Digest> path) implements EntrySignatures {
        public InBatch {
            path = List.copyOf(path);
        }
    }

    /** What is there cannot be read as signatures; the reader already said why. */
    record Missing() implements EntrySignatures {}

    /** Reads the members {@code signatures}, or {@code batch} and {@code path}, of a line. */
    static EntrySignatures of(Json.Obj line) {
        if (line.has("signatures")) {
            return new Own(
                    new Envelope("", dev.terraseal.core.bytes.Bytes.EMPTY, Envelope.signatures(line)).signatures());
        }
        return new InBatch(new SequenceNumber(line.number("batch")), path(line, PATH_MAX));
    }

    /** Reads the member {@code path}, hashes in base64, leaf first. */
    static List<Digest> path(Json.Obj line, int longest) {
        Json.Arr path = line.array("path");
        if (path.items().size() > longest) {
            throw new JsonException("'path' has " + path.items().size() + " hashes; none needs more than " + longest);
        }
        return path.base64Digests();
    }
}
