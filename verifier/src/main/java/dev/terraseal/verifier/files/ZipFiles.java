package dev.terraseal.verifier.files;

import dev.terraseal.core.bytes.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A bundle in one zip of the canonical form. Every byte of the container is compared with what {@link CanonicalZip} would
 * write, so that no other reader can see other members, names or lengths in the same file.
 */
public final class ZipFiles implements BundleFiles {
    private final FileChannel channel;
    private final String file;
    private final List<String> names = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    private ZipFiles(FileChannel channel, String file) {
        this.channel = channel;
        this.file = file;
    }

    /** Opens and checks everything but the members' own bytes, which {@link #open} checks as they are read. */
    public static ZipFiles open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        ZipFiles files = new ZipFiles(channel, String.valueOf(path.getFileName()));
        try {
            files.readDirectory();
            return files;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void readDirectory() throws IOException {
        long size = channel.size();
        if (size < CanonicalZip.END_LENGTH) {
            throw malformed("is too short to be a zip");
        }
        if (size > CanonicalZip.BYTES_MAX) {
            throw malformed("is over 4 GiB; such a bundle is a directory");
        }
        ByteBuffer end = at(size - CanonicalZip.END_LENGTH, CanonicalZip.END_LENGTH);
        int count = end.getShort(10) & 0xffff;
        long centralSize = end.getInt(12) & 0xffff_ffffL;
        long centralOffset = end.getInt(16) & 0xffff_ffffL;
        if (centralOffset + centralSize != size - CanonicalZip.END_LENGTH) {
            throw malformed("does not end in the record every bundle ends in, or has bytes between its parts");
        }
        if (count > CanonicalZip.MEMBERS_MAX) {
            throw malformed("has more than " + CanonicalZip.MEMBERS_MAX + " members; such a bundle is a directory");
        }
        if (centralSize > count * (long) (CanonicalZip.CENTRAL_LENGTH + MemberNames.LENGTH_MAX)) {
            throw malformed("has a longer directory than " + count + " members need");
        }
        compare(size - CanonicalZip.END_LENGTH, CanonicalZip.end(count, centralSize, centralOffset), "end record");
        readMembers(at(centralOffset, (int) centralSize), count, centralOffset);
    }

    private void readMembers(ByteBuffer central, int count, long centralOffset) throws IOException {
        long offset = 0;
        String before = "";
        for (int i = 0; i < count; i++) {
            Member member = readMember(central, offset);
            if (member.name.compareTo(before) <= 0) {
                throw malformed(
                        "members are not in the order of their names: '" + member.name + "' after '" + before + "'");
            }
            if (!MemberNames.isPlain(member.name)) {
                throw malformed("has a member with a name no bundle has: '" + member.name + "'");
            }
            compare(offset, CanonicalZip.local(member.name, member.crc, member.size), "local header of " + member.name);
            before = member.name;
            offset = member.start + member.size;
            names.add(member.name);
            members.add(member);
        }
        if (central.hasRemaining() || offset != centralOffset) {
            throw malformed("holds bytes that belong to no member");
        }
    }

    private Member readMember(ByteBuffer central, long offset) throws IOException {
        int from = central.position();
        if (central.remaining() < CanonicalZip.CENTRAL_LENGTH) {
            throw malformed("its directory ends inside a member");
        }
        int crc = central.getInt(from + 16);
        long size = central.getInt(from + 24) & 0xffff_ffffL;
        int nameLength = central.getShort(from + 28) & 0xffff;
        int length = CanonicalZip.CENTRAL_LENGTH + nameLength;
        if (central.remaining() < length) {
            throw malformed("its directory ends inside a name");
        }
        byte[] raw = new byte[length];
        central.get(raw);
        String name = new String(raw, CanonicalZip.CENTRAL_LENGTH, nameLength, StandardCharsets.ISO_8859_1);
        if (!MemberNames.isPlain(name) || !Bytes.wrap(raw).equals(CanonicalZip.central(name, crc, size, offset))) {
            throw malformed("the directory line of '" + name + "' is not in canonical form");
        }
        return new Member(name, crc, size, offset + CanonicalZip.LOCAL_LENGTH + nameLength);
    }

    private void compare(long position, Bytes expected, String what) throws IOException {
        byte[] found = new byte[expected.length()];
        at(position, found.length).get(found);
        if (!Bytes.wrap(found).equals(expected)) {
            throw malformed("the " + what + " at byte " + position + " is not in canonical form");
        }
    }

    private ByteBuffer at(long position, int length) throws IOException {
        if (position < 0 || position + length > channel.size()) {
            throw malformed("ends before byte " + (position + length));
        }
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException(file + " became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    private MalformedException malformed(String what) {
        return new MalformedException(file, what);
    }

    @Override
    public List<String> names() {
        return Collections.unmodifiableList(names);
    }

    @Override
    public List<String> oddities() {
        return List.of();
    }

    @Override
    public boolean has(String name) {
        return Collections.binarySearch(names, name) >= 0;
    }

    @Override
    public long size(String name) throws IOException {
        return member(name).size;
    }

    @Override
    public InputStream open(String name) throws IOException {
        Member member = member(name);
        return new MemberStream(channel, member.name, member.start, member.size, member.crc);
    }

    private Member member(String name) throws MalformedException {
        int index = Collections.binarySearch(names, name);
        if (index < 0) {
            throw new MalformedException(name, "is missing");
        }
        return members.get(index);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private record Member(String name, int crc, long size, long start) {}
}
