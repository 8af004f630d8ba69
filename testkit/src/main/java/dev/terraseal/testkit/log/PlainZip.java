package dev.terraseal.testkit.log;

import dev.terraseal.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A zip of stored members written by hand from PKWARE's APPNOTE, in the canonical form of a bundle unless a field is
 * turned: so that tests can make every zip a careless or a hostile tool would.
 */
public final class PlainZip {
    private final List<Member> members = new ArrayList<>();
    private Bytes before = Bytes.EMPTY;
    private Bytes between = Bytes.EMPTY;
    private Bytes after = Bytes.EMPTY;

    /** One member; fields that are turned are given by their offset in its local or central header. */
    public record Member(
            String name, Bytes content, Map<Integer, Integer> local, Map<Integer, Integer> central, Bytes localExtra) {
        public Member {
            local = Map.copyOf(local);
            central = Map.copyOf(central);
        }
    }

    public static PlainZip of(BundleBytes bundle) {
        PlainZip zip = new PlainZip();
        bundle.files()
                .forEach(
                        (name, content) -> zip.members.add(new Member(name, content, Map.of(), Map.of(), Bytes.EMPTY)));
        return zip;
    }

    public List<Member> members() {
        return members;
    }

    /** Bytes before the first member, between members and directory, and after the end record. */
    public PlainZip around(Bytes first, Bytes middle, Bytes last) {
        before = first;
        between = middle;
        after = last;
        return this;
    }

    /** Turns a two-byte field of a member's headers: offset in the header to value. */
    public PlainZip turn(int member, Map<Integer, Integer> local, Map<Integer, Integer> central) {
        Member was = members.get(member);
        members.set(member, new Member(was.name(), was.content(), local, central, was.localExtra()));
        return this;
    }

    public Bytes bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(before.toByteArray());
        Map<Integer, Integer> offsets = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            offsets.put(i, out.size());
            out.writeBytes(local(member));
            out.writeBytes(name(member));
            out.writeBytes(member.localExtra().toByteArray());
            out.writeBytes(member.content().toByteArray());
        }
        out.writeBytes(between.toByteArray());
        int directory = out.size();
        for (int i = 0; i < members.size(); i++) {
            out.writeBytes(central(members.get(i), offsets.getOrDefault(i, 0)));
            out.writeBytes(name(members.get(i)));
        }
        int size = out.size() - directory;
        ByteBuffer end = buffer(22);
        end.putInt(0x06054b50).putInt(0);
        end.putShort((short) members.size()).putShort((short) members.size());
        end.putInt(size).putInt(directory).putShort((short) 0);
        out.writeBytes(bytes(end));
        out.writeBytes(after.toByteArray());
        return Bytes.wrap(out.toByteArray());
    }

    private static byte[] name(Member member) {
        return member.name().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] local(Member member) {
        ByteBuffer header = buffer(30);
        header.putInt(0x04034b50);
        describe(header, member);
        header.putShort((short) member.localExtra().length());
        return turned(header, member.local());
    }

    private static byte[] central(Member member, int offset) {
        ByteBuffer header = buffer(46);
        header.putInt(0x02014b50).putShort((short) 0x0314);
        describe(header, member);
        header.putShort((short) 0).putShort((short) 0).putShort((short) 0).putShort((short) 0);
        header.putInt(0x81A4_0000).putInt(offset);
        return turned(header, member.central());
    }

    private static void describe(ByteBuffer header, Member member) {
        CRC32 crc = new CRC32();
        crc.update(member.content().toByteArray());
        header.putShort((short) 10).putShort((short) 0).putShort((short) 0);
        header.putShort((short) 0).putShort((short) 0x0021);
        header.putInt((int) crc.getValue());
        header.putInt(member.content().length()).putInt(member.content().length());
        header.putShort((short) name(member).length);
    }

    private static byte[] turned(ByteBuffer header, Map<Integer, Integer> fields) {
        fields.forEach((offset, value) -> header.putShort(offset, value.shortValue()));
        return bytes(header);
    }

    private static byte[] bytes(ByteBuffer full) {
        byte[] out = new byte[full.capacity()];
        full.rewind().get(out);
        return out;
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
