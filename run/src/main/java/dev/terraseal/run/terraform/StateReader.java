package dev.terraseal.run.terraform;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pulled state and forgets its values: what stays is lineage, serial, digest and the provider of each resource.
 * States hold null, fractions and numbers beyond 2^53, so this is the one place that writes canonical JSON with number
 * literals as they stand.
 */
public final class StateReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(1 << 20)
                    .maxNestingDepth(10_000)
                    .build())
            .build();

    /** A number in the text it was written in. */
    private record Literal(String text) {}

    private StateReader() {}

    /** Empty for an empty answer: there is no state yet. */
    public static Optional<StateSnapshot> read(InputStream pulled) throws IOException {
        try (JsonParser parser = FACTORY.createParser(pulled)) {
            if (parser.nextToken() == null) {
                return Optional.empty();
            }
            if (!(value(parser) instanceof TreeMap<?, ?> state)) {
                throw new IOException("the pulled state is no JSON object");
            }
            String lineage = state.get("lineage") instanceof String text ? text : null;
            Long serial = state.get("serial") instanceof Literal number ? serial(number) : null;
            Map<String, String> providers = providers(state.get("resources"));
            state.remove("terraform_version");
            CanonicalBuffer canonical = new CanonicalBuffer(1 << 16);
            write(state, canonical);
            Digest digest = Digest.of(canonical.array(), 0, canonical.position());
            return Optional.of(new StateSnapshot(lineage, serial, digest, providers));
        }
    }

    private static @Nullable Long serial(Literal number) {
        try {
            return Long.valueOf(number.text());
        } catch (NumberFormatException notWhole) {
            return null;
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Literal(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IOException("the pulled state ends in the middle of a value");
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> members = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return items;
    }

    private static void write(@Nullable Object value, CanonicalBuffer out) {
        if (value instanceof Map<?, ?> members) {
            out.raw((byte) '{');
            boolean first = true;
            for (Map.Entry<?, ?> member : members.entrySet()) {
                if (!first) {
                    out.raw((byte) ',');
                }
                first = false;
                out.string((String) member.getKey()).raw((byte) ':');
                write(member.getValue(), out);
            }
            out.raw((byte) '}');
        } else if (value instanceof List<?> items) {
            out.raw((byte) '[');
            for (int i = 0; i < items.size(); i++) {
                if (i > 0) {
                    out.raw((byte) ',');
                }
                write(items.get(i), out);
            }
            out.raw((byte) ']');
        } else if (value instanceof String text) {
            out.string(text);
        } else if (value instanceof Literal number) {
            out.ascii(number.text());
        } else if (value instanceof Boolean bool) {
            out.bool(bool);
        } else {
            out.ascii("null");
        }
    }

    private static Map<String, String> providers(@Nullable Object resources) {
        Map<String, String> out = new HashMap<>();
        if (resources instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> resource && resource.get("provider") instanceof String provider) {
                    out.put(
                            StateSnapshot.key(
                                    text(resource.get("module")),
                                    text(resource.get("mode")),
                                    text(resource.get("type")),
                                    text(resource.get("name"))),
                            sourceAddress(provider));
                }
            }
        }
        return out;
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    /** {@code provider["registry.terraform.io/hashicorp/aws"].west} to what stands between the quotes. */
    private static String sourceAddress(String provider) {
        int open = provider.indexOf('"');
        int close = provider.indexOf('"', open + 1);
        return open >= 0 && close > open ? provider.substring(open + 1, close) : provider;
    }
}
