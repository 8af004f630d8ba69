package dev.terraseal.run.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a producer sent, in the form in which it must come back inside a statement. Ingest is trusted for identity and
 * the sequencer for content, unless the producer compares: this is that comparison.
 */
public record SentEvent(StreamId stream, EventId id, String type, Json subjects, Json body, Claims claims) {
    /**
     * What a producer says beside it, which comes back elsewhere or not at all.
     *
     * @param occurredAt as it was written; {@code null} as a word where it is absent
     * @param claimed the member {@code claimed} of {@code source}; null where there is none
     * @param seen the checkpoint it quotes; null where it quotes none
     * @param quotesHead whether it has a member {@code seenCheckpoint}, be it null
     * @param quoteAt the byte at which one belongs: before the first member whose name comes after it
     */
    public record Claims(
            String occurredAt,
            @Nullable Json claimed,
            @Nullable Json seen,
            boolean quotesHead,
            int quoteAt) {}

    private static final String QUOTE = "seenCheckpoint";

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** @throws IllegalArgumentException where {@code event} is no event, naming the member or the position */
    public static SentEvent parse(Bytes event) {
        byte[] text = event.toByteArray();
        Map<String, Json> members = new TreeMap<>();
        Bytes predicate = null;
        boolean quotesHead = false;
        int quoteAt = -1;
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("an event is a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (quoteAt < 0 && name.compareTo(QUOTE) > 0) {
                    quoteAt = (int) parser.currentTokenLocation().getByteOffset();
                }
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getByteOffset();
                Json value = value(parser);
                parser.finishToken();
                int to = (int) parser.currentLocation().getByteOffset();
                if (value != null) {
                    members.put(name, value);
                }
                quotesHead |= name.equals(QUOTE);
                if (name.equals("predicate")) {
                    predicate = Bytes.copyOf(text, from, to);
                }
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("more follows after the event; put one event on a line");
            }
        } catch (IOException notJson) {
            throw new IllegalArgumentException(
                    "not JSON: " + Problem.printable(String.valueOf(notJson.getMessage()), 200), notJson);
        }
        return of(new Json.Obj(members), predicate, quotesHead, quoteAt);
    }

    private static SentEvent of(Json.Obj json, @Nullable Bytes predicate, boolean quotesHead, int quoteAt) {
        String type = json.string("type");
        StreamId stream = new StreamId(json.string("stream"));
        EventId id = new EventId(json.string("id"));
        Json.Arr subjects = json.array("subjects");
        Claims claims = new Claims(
                String.valueOf(json.stringOrNull("occurredAt")),
                json.get("source") instanceof Json.Obj source ? source.get("claimed") : null,
                json.get(QUOTE),
                quotesHead,
                quoteAt);
        if (predicate == null) {
            throw new IllegalArgumentException("'predicate' is missing");
        }
        if (type.startsWith(PredicateType.PREFIX)) {
            return new SentEvent(stream, id, type, subjects, json.object("predicate"), claims);
        }
        Json.Obj wrapped = Json.obj()
                .put("bytes", predicate.base64())
                .put("mediaType", "application/json")
                .put("predicateType", type)
                .put("sha256", Digest.of(predicate))
                .put("signed", false)
                .build();
        return new SentEvent(stream, id, PredicateType.RECORDED.uri(), subjects, wrapped, claims);
    }

    /** What in {@code statement} is not what was sent; empty where all is. */
    public Optional<String> difference(Statement statement) {
        Optional<String> content = contentDifference(statement);
        return content.isEmpty() && !same(statement.seenCheckpoint(), claims.seen())
                ? Optional.of("the checkpoint it quotes (seenCheckpoint) is not the one that was sent")
                : content;
    }

    /** The same but for the checkpoint it quotes: of one event two sendings may quote two. */
    public Optional<String> contentDifference(Statement statement) {
        if (!statement.stream().equals(stream)) {
            return Optional.of("stream is " + statement.stream() + ", sent was " + stream);
        }
        if (!statement.id().equals(id)) {
            return Optional.of("id is " + statement.id() + ", sent was " + id);
        }
        if (!statement.type().uri().equals(type)) {
            return Optional.of("type is " + statement.type().uri() + ", sent was " + type);
        }
        if (!statement.subjects().bytes().equals(subjects.bytes())) {
            return Optional.of("the subjects are not those that were sent");
        }
        if (!statement.body().bytes().equals(body.bytes())) {
            return Optional.of("the body is not the one that was sent");
        }
        if (!statement.occurredAt().toString().equals(claims.occurredAt())) {
            return Optional.of("occurredAt is " + statement.occurredAt() + ", sent was " + claims.occurredAt());
        }
        Json.Obj source = statement.source();
        if (!same(source == null ? null : source.get("claimed"), claims.claimed())) {
            return Optional.of("who is claimed to have sent it (source.claimed) is not what was sent");
        }
        return Optional.empty();
    }

    private static boolean same(@Nullable Json stated, @Nullable Json sent) {
        return stated == null || sent == null ? stated == sent : stated.bytes().equals(sent.bytes());
    }

    /** Null becomes absent, as in the mapping of events. Numbers no statement can hold become text, which equals nothing. */
    private static @Nullable Json value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING, VALUE_NUMBER_FLOAT -> new Json.Str(parser.getText());
            case VALUE_NUMBER_INT -> number(parser.getText());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> null;
            default -> throw new IllegalArgumentException("the event ends in the middle of a value");
        };
    }

    private static Json object(JsonParser parser) throws IOException {
        Map<String, Json> members = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            Json member = value(parser);
            if (member != null) {
                members.put(name, member);
            }
        }
        return new Json.Obj(members);
    }

    private static Json array(JsonParser parser) throws IOException {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Json item = value(parser);
            if (item != null) {
                items.add(item);
            }
        }
        return new Json.Arr(items);
    }

    private static Json number(String text) {
        try {
            return new Json.Num(Long.parseLong(text));
        } catch (IllegalArgumentException beyond) {
            return new Json.Str(text);
        }
    }
}
