package dev.terraseal.schemas.avro;

import dev.terraseal.core.canonical.CanonicalBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The values that hold others. */
final class ContainerWriters {
    private ContainerWriters() {}

    /** A field of a record; {@code nullBranch} is the union index that leaves it out, -1 where it must be there. */
    static final class Member {
        private final String name;
        private final int nullBranch;
        private final JsonWriter value;
        private final byte[] first;
        private final byte[] next;

        Member(String name, int nullBranch, JsonWriter value) {
            this.name = name;
            this.nullBranch = nullBranch;
            this.value = value;
            this.first = ("{\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
            this.next = (",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
        }
    }

    static final class Members implements JsonWriter {
        private final Member[] members;

        Members(List<Member> members) {
            this.members = members.toArray(new Member[0]);
        }

        @Override
        public void write(AvroInput in, CanonicalBuffer out) {
            boolean empty = true;
            for (Member member : members) {
                try {
                    if (member.nullBranch >= 0 && in.readIndex(2) == member.nullBranch) {
                        continue;
                    }
                    out.raw(empty ? member.first : member.next);
                    empty = false;
                    member.value.write(in, out);
                } catch (RefusedDataException e) {
                    throw e.within(member.name);
                }
            }
            if (empty) {
                out.raw((byte) '{');
            }
            out.raw((byte) '}');
        }
    }

    static final class Items implements JsonWriter {
        private final JsonWriter item;

        Items(JsonWriter item) {
            this.item = item;
        }

        @Override
        public void write(AvroInput in, CanonicalBuffer out) {
            out.raw((byte) '[');
            int written = 0;
            try {
                for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
                    for (int i = 0; i < block; i++) {
                        if (written > 0) {
                            out.raw((byte) ',');
                        }
                        item.write(in, out);
                        written++;
                    }
                }
            } catch (RefusedDataException e) {
                throw e.within(Integer.toString(written));
            }
            out.raw((byte) ']');
        }
    }

    /** A map of strings: entries come in any order and leave in that of UTF-16 code units. */
    static final class Entries implements JsonWriter {
        @Override
        public void write(AvroInput in, CanonicalBuffer out) {
            int block = in.readBlock();
            if (block == 0) {
                out.raw((byte) '{').raw((byte) '}');
                return;
            }
            MapEntries entries = new MapEntries(in.data(), out);
            for (; block > 0; block = in.readBlock()) {
                for (int i = 0; i < block; i++) {
                    entries.add(in);
                }
            }
            entries.finish();
        }
    }
}
