package dev.terraseal.cli;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.schemas.TopicSchemas;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What an archive and a bundle carry so that they can be read in ten years: the formats and every schema. */
public final class ProductDocs {
    private ProductDocs() {}

    /** Content by file name below {@code docs/}. */
    public static Map<String, Bytes> all() throws IOException {
        Map<String, Bytes> docs = new TreeMap<>();
        try (InputStream in = ProductDocs.class.getResourceAsStream("/dev/terraseal/docs/formats.md")) {
            if (in == null) {
                throw new IOException("formats.md is not in this build; build it again");
            }
            docs.put("formats.md", Bytes.wrap(in.readAllBytes()));
        }
        for (TopicSchemas schema : TopicSchemas.inOrder()) {
            docs.put(schema.name().toLowerCase(Locale.ROOT) + ".avsc", Bytes.utf8(schema.text() + "\n"));
        }
        return docs;
    }
}
