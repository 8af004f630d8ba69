package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;

/** Checkpoints with strangers' lines beside the log's own: how many, by whom, and what a key may be called. */
final class NoteForms {
    private static final Expected BAD = Expected.refused("checkpoint", "bad-checkpoint");
    private static final Expected HOLDS = Expected.unproven("");

    private final Draft draft;
    private final BundleBytes whole;
    private final String note;

    private NoteForms(Draft draft) {
        this.draft = draft;
        this.whole = draft.bundle();
        this.note = whole.text("checkpoint");
    }

    static void add(Draft draft) {
        NoteForms forms = new NoteForms(draft);
        forms.counts();
        forms.names();
        forms.sizeZero();
        forms.sizesBeyondAnyEntry();
    }

    private static String line(String name, int bytes) {
        return "\u2014 " + name + " " + Bytes.wrap(new byte[bytes]).base64() + "\n";
    }

    private void put(String what, String lines, Expected expected) {
        draft.resealed("a checkpoint with " + what, whole.with("checkpoint", note + lines), expected);
    }

    private void counts() {
        for (int more : new int[] {63, 64, 99, 100}) {
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < more; i++) {
                lines.append(line("x" + i + ".example", 76));
            }
            put(more + " strangers' lines", lines.toString(), more < 64 ? HOLDS : BAD);
        }
        String stranger = line("x.example", 76);
        put("a stranger's line twice", stranger + stranger, BAD);
        put("two lines by a stranger's key", stranger + line("x.example", 72), BAD);
        put("a line of a stranger and one of his neighbour's name", stranger + line("y.example", 76), HOLDS);
        put("a line of 4 bytes", line("x.example", 4), BAD);
        put("a line of 5 bytes", line("x.example", 5), HOLDS);
        put("a line of 1 MiB", line("x.example", 1 << 20), Expected.refused("checkpoint", "malformed"));
    }

    private void names() {
        // Unicode's White_Space, and what some languages take for it or leave out.
        for (int space : new int[] {0x85, 0xa0, 0x1680, 0x2003, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000}) {
            name(space, BAD);
        }
        for (int other : new int[] {0x7f, 0x180e, 0x200b, 0x2060, 0xfeff, 0x1f600}) {
            name(other, HOLDS);
        }
        name('+', BAD);
        put("a key name of 255 bytes", line("x".repeat(255), 76), HOLDS);
        put("a key name of 256 bytes", line("x".repeat(256), 76), BAD);
        put("a key name of 127 characters in 254 bytes", line("\u00e9".repeat(127), 76), HOLDS);
        put("a key name of 128 characters in 256 bytes", line("\u00e9".repeat(128), 76), BAD);
    }

    private void name(int character, Expected expected) {
        put(
                String.format("U+%04X in a key name", character),
                line("x" + Character.toString(character) + "y", 76),
                expected);
    }

    /** Every tree continues the empty one, so that says nothing. */
    private void sizeZero() {
        Base base = draft.base();
        Expected unmet = Expected.refused("requests", "request-not-met");
        draft.resealed(
                "the checkpoint to continue, of size 0",
                whole.with("README.txt", "0"),
                base.asked().continuing(base.fixture().checkpoint(0).bytes()),
                unmet);
        String empty = base.fixture().checkpoint(0).text().split("\n")[2];
        draft.resealed(
                "the head last seen, of size 0",
                whole.with("README.txt", "0"),
                base.asked()
                        .trusting(Bases.trust(
                                base.fixture(),
                                "lastSeen",
                                dev.terraseal.core.canonical.Json.obj()
                                        .put("size", 0)
                                        .put("root", empty)
                                        .build())),
                unmet);
    }

    /** Signed by the real log key: a size whose newest entry would have a number that no format of ours can write. */
    private void sizesBeyondAnyEntry() {
        Base base = draft.base();
        String size = String.valueOf(base.fixture().size());
        for (String beyond : new String[] {"9007199254740992", "9007199254740993", "9223372036854775807"}) {
            Bytes huge = signed(
                    note.substring(0, note.indexOf("\n\n") + 1).replace("\n" + size + "\n", "\n" + beyond + "\n"));
            draft.resealed("a checkpoint of size " + beyond, whole.with("checkpoint", huge), BAD);
            draft.resealed(
                    "the checkpoint to continue, of size " + beyond,
                    whole.with("README.txt", beyond),
                    base.asked().continuing(huge),
                    Expected.refused("requests", "request-not-met"));
        }
        Bytes largest =
                signed(note.substring(0, note.indexOf("\n\n") + 1).replace("\n" + size + "\n", "\n9007199254740991\n"));
        draft.resealed(
                "a checkpoint of the largest size",
                whole.with("checkpoint", largest),
                Expected.refused("inclusion", "not-included"));
    }

    private Bytes signed(String text) {
        String line = note.substring(note.indexOf("\n\n") + 2).split("\n")[0];
        String name = line.substring(0, line.lastIndexOf(' ') + 1);
        Bytes keyId = Bytes.fromBase64(line.substring(name.length())).slice(0, 4);
        Bytes signature = draft.base().fixture().logKey().signOrFail(Bytes.utf8(text));
        return Bytes.utf8(text + "\n" + name + Bytes.concat(keyId, signature).base64() + "\n");
    }
}
