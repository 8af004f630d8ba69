package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.PlainZip;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Zips in which two readers could see two things, and every other zip that is not the canonical one. */
final class ZipMutations {
    private static final Expected REFUSED = Expected.refused("seal", "malformed");
    /** Two-byte fields of a local header by their offset; in the central one they stand two bytes further on. */
    private static final Map<Integer, String> FIELDS = fields();

    private final Draft draft;
    private final int members;

    private ZipMutations(Draft draft) {
        this.draft = draft;
        this.members = draft.bundle().names().size();
    }

    private static Map<Integer, String> fields() {
        Map<Integer, String> fields = new LinkedHashMap<>();
        fields.put(4, "version needed");
        fields.put(6, "flags");
        fields.put(8, "method");
        fields.put(10, "time");
        fields.put(12, "date");
        fields.put(14, "checksum");
        fields.put(18, "compressed size");
        fields.put(22, "size");
        fields.put(26, "length of the name");
        fields.put(28, "length of the extra field");
        return fields;
    }

    static void add(Draft draft) {
        ZipMutations mutations = new ZipMutations(draft);
        mutations.headers();
        mutations.spareBytes();
        mutations.members();
        mutations.container();
    }

    private PlainZip zip() {
        return PlainZip.of(draft.bundle());
    }

    private void headers() {
        for (int i = 0; i < Math.max(3, draft.weight()); i++) {
            int member = i == 0 ? 0 : i == 1 ? members - 1 : draft.random().nextInt(members);
            for (Map.Entry<Integer, String> field : FIELDS.entrySet()) {
                int value = draft.random().nextInt(0xfff0) + 13;
                int at = field.getKey();
                String what = field.getValue() + " " + value + " in the ";
                draft.zip(
                        what + "local header of member " + member,
                        zip().turn(member, Map.of(at, value), Map.of()).bytes(),
                        REFUSED);
                draft.zip(
                        what + "directory line of member " + member,
                        zip().turn(member, Map.of(), Map.of(at + 2, value)).bytes(),
                        REFUSED);
                // A checksum that both headers agree on is found when the member is read.
                if (at != 14) {
                    draft.zip(
                            what + "both headers of member " + member,
                            zip().turn(member, Map.of(at, value), Map.of(at + 2, value))
                                    .bytes(),
                            REFUSED);
                }
            }
            for (int at : List.of(4, 34, 36, 38, 40, 42)) {
                draft.zip(
                        "another value at byte " + at + " of the directory line of member " + member,
                        zip().turn(member, Map.of(), Map.of(at, 0x1111)).bytes(),
                        REFUSED);
            }
        }
    }

    private void spareBytes() {
        Bytes spare = Bytes.utf8("PK");
        draft.zip(
                "bytes before the first member",
                zip().around(spare, Bytes.EMPTY, Bytes.EMPTY).bytes(),
                REFUSED);
        draft.zip(
                "bytes before the directory",
                zip().around(Bytes.EMPTY, spare, Bytes.EMPTY).bytes(),
                REFUSED);
        draft.zip(
                "bytes after the end",
                zip().around(Bytes.EMPTY, Bytes.EMPTY, spare).bytes(),
                REFUSED);
        PlainZip extra = zip();
        PlainZip.Member first = extra.members().get(0);
        Map<Integer, Integer> length = Map.of(28, 4);
        extra.members()
                .set(
                        0,
                        new PlainZip.Member(
                                first.name(), first.content(), length, Map.of(), Bytes.fromHex("fecaffff")));
        draft.zip("an extra field in a local header only", extra.bytes(), REFUSED);
        Bytes whole = zip().bytes();
        draft.zip("a zip in front of the zip", Bytes.concat(whole, whole), REFUSED);
        byte[] comment = Bytes.concat(whole, spare).toByteArray();
        comment[whole.length() - 2] = 2;
        draft.zip("a comment", Bytes.wrap(comment), REFUSED);
    }

    private void members() {
        for (int member = 0; member + 1 < members; member++) {
            PlainZip twice = zip();
            twice.members().add(member, twice.members().get(member));
            draft.zip("member " + member + " twice", twice.bytes(), REFUSED);
            PlainZip swapped = zip();
            swapped.members().add(member, swapped.members().remove(member + 1));
            draft.zip("members " + member + " and " + (member + 1) + " swapped", swapped.bytes(), REFUSED);
        }
        PlainZip again = zip();
        PlainZip.Member first = again.members().get(0);
        again.members().add(new PlainZip.Member(first.name(), Bytes.utf8("{}"), Map.of(), Map.of(), Bytes.EMPTY));
        draft.zip("a first member again at the end, with other bytes", again.bytes(), REFUSED);
        for (String name : List.of(
                "../evil",
                "/etc/passwd",
                "a//b",
                "a/./b",
                "zz\\b",
                "zz/",
                "zz\0",
                "zz\n",
                "zz b",
                "zz\u00e4",
                "",
                "zz:b")) {
            PlainZip strange = zip();
            strange.members()
                    .add(
                            name.compareTo("zz") < 0 ? 0 : strange.members().size(),
                            new PlainZip.Member(name, Bytes.utf8("x"), Map.of(), Map.of(), Bytes.EMPTY));
            draft.zip("a member named " + Bytes.utf8(name).hex(), strange.bytes(), REFUSED);
        }
    }

    private void container() {
        Bytes whole = zip().bytes();
        int end = whole.length() - 22;
        for (int at = end; at < whole.length(); at++) {
            draft.zip("bit of byte " + (at - end) + " of the end record", draft.flipped(whole, at), REFUSED);
        }
        for (int i = 0; i < Math.max(4, draft.weight()); i++) {
            int cut = 2 + draft.random().nextInt(whole.length() - 3);
            draft.zip("cut at byte " + cut, whole.slice(0, cut), REFUSED);
        }
        for (int i = 0; i < members; i++) {
            PlainZip.Member member = zip().members().get(i);
            Map<Integer, Integer> sum = Map.of(14, 0x4711, 16, 0x0815);
            PlainZip wrong = zip().turn(i, sum, Map.of(16, 0x4711, 18, 0x0815));
            boolean seal =
                    member.name().startsWith("SHA256SUMS") || member.name().equals("export_key.pem");
            draft.zip(
                    "another checksum for " + member.name() + " in both headers",
                    wrong.bytes(),
                    seal ? REFUSED : Expected.refused("file-hashes", "malformed"));
        }
    }
}
