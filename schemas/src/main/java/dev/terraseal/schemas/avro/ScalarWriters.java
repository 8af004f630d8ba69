package dev.terraseal.schemas.avro;

import dev.terraseal.core.canonical.CanonicalBuffer;
import dev.terraseal.core.canonical.JsonException;
import dev.terraseal.core.statement.RejectionReason;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The values without inner structure. */
final class ScalarWriters {
    private ScalarWriters() {}

    static final class Text implements JsonWriter {
        @Override
        public void write(AvroInput in, CanonicalBuffer out) {
            int length = in.readLength();
            int from = in.take(length);
            try {
                out.utf8String(in.data(), from, length);
            } catch (JsonException notUtf8) {
                throw RefusedDataException.because(RejectionReason.BAD_TEXT, notUtf8);
            }
        }
    }

    static final class Whole implements JsonWriter {
        @Override
        public void write(AvroInput in, CanonicalBuffer out) {
            long value = in.readLong();
            try {
                out.number(value);
            } catch (JsonException beyond) {
                throw RefusedDataException.because(RejectionReason.BAD_NUMBER, beyond);
            }
        }
    }

    static final class Time implements JsonWriter {
        @Override
        public void write(AvroInput in, CanonicalBuffer out) {
            long millis = in.readLong();
            try {
                out.time(millis);
            } catch (JsonException beyond) {
                throw RefusedDataException.because(RejectionReason.BAD_TIME, beyond);
            }
        }
    }

    static final class Flag implements JsonWriter {
        @Override
        public void write(AvroInput in, CanonicalBuffer out) {
            out.bool(in.readBoolean());
        }
    }

    static final class HexBytes implements JsonWriter {
        @Override
        public void write(AvroInput in, CanonicalBuffer out) {
            int length = in.readLength();
            out.hexString(in.data(), in.take(length), length);
        }
    }

    static final class HexFixed implements JsonWriter {
        private final int size;

        HexFixed(int size) {
            this.size = size;
        }

        @Override
        public void write(AvroInput in, CanonicalBuffer out) {
            out.hexString(in.data(), in.take(size), size);
        }
    }

    static final class Symbol implements JsonWriter {
        private final byte[][] symbols;

        Symbol(List<String> names) {
            symbols = new byte[names.size()][];
            for (int i = 0; i < symbols.length; i++) {
                // Avro names are ASCII letters, digits and '_': nothing to escape.
                symbols[i] = ('"' + names.get(i) + '"').getBytes(StandardCharsets.US_ASCII);
            }
        }

        @Override
        public void write(AvroInput in, CanonicalBuffer out) {
            out.raw(symbols[in.readIndex(symbols.length)]);
        }
    }
}
